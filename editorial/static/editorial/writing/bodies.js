// Whether two bodies say the same: what the editor must be sure of before it takes a body over.

const LEAVES = new Set(["P", "H2", "H3"]);
const BLOCKS = new Set([...LEAVES, "UL", "OL", "LI", "BLOCKQUOTE", "DIV"]);
const ATTRIBUTES = (element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();

// Each run of words with the elements around it: blocks in their order, what is inline in any order,
// since `<em><a>` and `<a><em>` are the same to readers.
function runs(body) {
  const found = [];
  const numbers = new Map();
  const numberOf = (element) => {
    if (!numbers.has(element)) numbers.set(element, numbers.size);
    return numbers.get(element);
  };
  const add = (text, blocks, inlines) => {
    const around = `${blocks.join(" ")}|${[...inlines].sort().join(" ")}`;
    const last = found.at(-1);
    if (text !== null && last && last.around === around && last.text !== null) last.text += text;
    else found.push({ around, text });
  };
  const visit = (node, blocks, inlines) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const isBetween = blocks.length === 0 || [...node.parentNode.children].some((one) => BLOCKS.has(one.tagName));
      if (!(isBetween && !node.data.trim())) add(node.data.replace(/[ \t\n\r\f]+/g, " "), blocks, inlines);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const name = [node.tagName, ...ATTRIBUTES(node)].join(" ");
    if (node.tagName === "BR" || node.tagName === "CITE" || node.tagName === "DIV") {
      add(null, [...blocks, name], inlines);
    } else if (BLOCKS.has(node.tagName)) {
      for (const child of node.childNodes) visit(child, [...blocks, `${numberOf(node)} ${name}`], inlines);
    } else {
      const marks = ATTRIBUTES(node).map((attribute) => `${node.tagName} ${attribute}`);
      const all = marks.length ? marks : [node.tagName];
      for (const child of node.childNodes) visit(child, blocks, [...inlines, ...all]);
    }
  };
  for (const node of new DOMParser().parseFromString(body, "text/html").body.childNodes) visit(node, [], []);
  return found;
}

export function saysTheSame(one, other) {
  return JSON.stringify(runs(one)) === JSON.stringify(runs(other));
}

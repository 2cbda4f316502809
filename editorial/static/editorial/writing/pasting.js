// What comes from Word or from a web page: its structure is kept, its looks and machinery are not.

const MACHINERY = "script, style, link, meta, title, template, noscript, iframe, object, svg, img, button, input, select, textarea";
const CELLS = "td, th, caption, dt, dd, summary, figcaption";
const LIST_ITEM = /mso-list:\s*l\d+\s+level(\d+)/i;
const NUMBERED = /^\s*(?:\d+|[a-z]|[ivx]+)[.)]/i;

function renamed(element, tag) {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
}

function comments(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// Word writes lists as paragraphs: each becomes an item, neighbours become one list.
function rebuildLists(root) {
  let lists = [];
  let before = null;
  for (const paragraph of root.querySelectorAll("p[data-style*='mso-list']")) {
    const level = Number(LIST_ITEM.exec(paragraph.getAttribute("data-style"))?.[1] ?? 1);
    const bullet = paragraph.querySelector("[data-style*='mso-list:Ignore' i], [data-style*='mso-list: Ignore' i]");
    const tag = bullet && NUMBERED.test(bullet.textContent) ? "ol" : "ul";
    bullet?.remove();
    if (!before || paragraph.previousElementSibling !== before) lists = [];
    lists.length = Math.min(lists.length, level);
    while (lists.length < level) {
      const list = root.ownerDocument.createElement(tag);
      const around = lists.at(-1)?.lastElementChild;
      if (around) around.append(list);
      else if (lists.length === 0) paragraph.before(list);
      else break;
      lists.push(list);
    }
    const item = root.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    lists.at(-1).append(item);
    paragraph.remove();
    [before] = lists;
  }
}

// The security policy lets no style through, not even to look at it: it waits under another name.
function withoutStyles(html) {
  const renamedIn = (tag) =>
    tag.replace(/(\s)style(\s*=)/gi, "$1data-style$2").replace(/(\s)on\w+(\s*=)/gi, "$1data-dropped$2");
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "").replace(/<[a-z][^>]*>/gi, renamedIn);
}

// Bold and slanted by style, as Google writes them; and its bold that is not bold around all it copies.
function readStyles(root) {
  for (const one of root.querySelectorAll("[data-style]")) {
    const style = one.getAttribute("data-style");
    one.removeAttribute("data-style");
    if (one.tagName === "B" && /font-weight:\s*normal/i.test(style)) one.replaceWith(...one.childNodes);
    if (one.tagName !== "SPAN") continue;
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrapWords(one, "strong");
    if (/font-style:\s*(italic|oblique)/i.test(style)) wrapWords(one, "em");
  }
}

function wrapWords(element, tag) {
  const around = element.ownerDocument.createElement(tag);
  around.append(...element.childNodes);
  element.append(around);
}

// The HTML of a clipboard as the editor should read it. What the editor itself copied stays as it is.
export function tidied(html) {
  if (html.includes("data-pm-slice")) return html;
  const root = new DOMParser().parseFromString(withoutStyles(html), "text/html").body;
  for (const one of [...root.querySelectorAll(MACHINERY), ...comments(root)]) one.remove();
  rebuildLists(root);
  readStyles(root);
  for (const cell of root.querySelectorAll(CELLS)) renamed(cell, "p");
  for (const one of root.querySelectorAll("*")) {
    if (one.tagName !== "CITE") one.removeAttribute("lang");
    if (one.tagName === "P" && !one.textContent.trim() && !one.querySelector("cite")) one.remove();
  }
  return root.innerHTML;
}

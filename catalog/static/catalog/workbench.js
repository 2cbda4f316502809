/* The workbench of a source: words that are selected in its text fill the form of the panel.

   Offsets are Unicode code points of the whole text. Each element of the pane says in data-start how many
   stand before it, so that only those within one element are counted. */

const root = document.querySelector("[data-workbench]");
const pane = root.querySelector("[data-text]");
const status = root.querySelector("[data-status]");
const bar = root.querySelector("[data-bar]");
const panel = root.querySelector("[data-panel]");
const form = panel?.querySelector("form");
const cards = new Map([...root.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card]));
const words = root.dataset;
root.classList.add("wb-has-script");

const say = (text) => (status.textContent = text);
const language = document.documentElement.lang;
const counted = (one, many, count) =>
  count === 1 ? one : many.replace("{count}", count.toLocaleString(language));
const wordCount = (text) => text.trim().split(/\s+/u).length;

/* Where something stands in the text. */

function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function placeOf(node, offset) {
  if (node === pane) {
    const next = pane.childNodes[offset];
    return Number(next ? next.dataset.start : pane.dataset.length);
  }
  const segment = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  const before = document.createRange();
  before.setStart(segment, 0);
  before.setEnd(node, offset);
  return Number(segment.dataset.start) + codePoints(before.toString());
}

/* The node and the offset in UTF-16 of a place that is given in code points. */
function boundaryAt(place) {
  let low = 0;
  let high = pane.childNodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(pane.childNodes[middle].dataset.start) <= place) low = middle;
    else high = middle - 1;
  }
  const text = pane.childNodes[low].firstChild;
  let offset = 0;
  let rest = place - Number(pane.childNodes[low].dataset.start);
  for (; rest > 0 && offset < text.length; rest -= 1) {
    offset += text.data.codePointAt(offset) > 0xffff ? 2 : 1;
  }
  return [text, offset];
}

function rangeAt(start, end) {
  const range = document.createRange();
  range.setStart(...boundaryAt(start));
  range.setEnd(...boundaryAt(end));
  return range;
}

function splitsPair(node, offset) {
  if (node.nodeType !== Node.TEXT_NODE || offset === 0 || offset === node.length) return false;
  return node.data.codePointAt(offset - 1) > 0xffff;
}

/* The words selected in the pane, whole characters only; null when there are none. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !pane.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!pane.contains(range.startContainer)) range.setStart(pane, 0);
  if (!pane.contains(range.endContainer)) range.setEnd(pane, pane.childNodes.length);
  const { startContainer, startOffset, endContainer, endOffset } = range;
  if (splitsPair(startContainer, startOffset)) range.setStart(startContainer, startOffset - 1);
  if (splitsPair(endContainer, endOffset)) range.setEnd(endContainer, endOffset + 1);
  const exact = range.toString();
  if (!exact.trim()) return null;
  const start = placeOf(range.startContainer, range.startOffset);
  return { range, exact, start, end: start + codePoints(exact) };
}

function select(range) {
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/* Within the pane alone: the page stays where it is. */
function scrollTo(range) {
  const at = range.getBoundingClientRect();
  const around = pane.getBoundingClientRect();
  const isSeen = at.top >= around.top && at.bottom <= around.bottom;
  if (!isSeen) pane.scrollTop += at.top - around.top - pane.clientHeight / 3;
}

/* Passages: marks in the text, and their cards. */

const marksOf = (number) => [...pane.querySelectorAll(`[data-passages~="${number}"]`)];

function activate(numbers) {
  for (const shown of root.querySelectorAll(".wb-active")) shown.classList.remove("wb-active");
  for (const number of numbers) {
    cards.get(number)?.classList.add("wb-active");
    if (pane) for (const mark of marksOf(number)) mark.classList.add("wb-active");
  }
}

function toCard(number, { focus }) {
  const card = cards.get(number);
  if (!card) return;
  card.hidden = false;
  card.scrollIntoView({ block: "nearest" });
  if (focus) card.querySelector("h3").focus();
}

function numbersAtCaret() {
  const { focusNode } = getSelection();
  const element = focusNode?.nodeType === Node.TEXT_NODE ? focusNode.parentElement : focusNode;
  return element?.closest("[data-passages]")?.dataset.passages.split(" ") ?? [];
}

function leadToCards(focus) {
  const numbers = numbersAtCaret();
  if (!numbers.length) return;
  activate(numbers);
  toCard(numbers[0], { focus });
  say(numbers.map((number) => words.passage.replace("{number}", number)).join(", "));
}

function showInText(number) {
  const marks = marksOf(number);
  if (!marks.length) return;
  activate([number]);
  pane.focus();
  getSelection().collapse(marks[0].firstChild, 0);
  const range = document.createRange();
  range.selectNodeContents(marks[0]);
  pane.scrollIntoView({ block: "nearest" });
  scrollTo(range);
}

/* The pane takes a caret and keyboard selection as a text field does, and changes by nothing. */

function makeReadOnlyField() {
  const original = [...pane.childNodes].map((node) => node.cloneNode(true));
  const editable = (on) => pane.setAttribute("contenteditable", String(on));
  const attributes = {
    role: "textbox",
    "aria-multiline": "true",
    "aria-readonly": "true",
    inputmode: "none",
    spellcheck: "false",
    autocapitalize: "off",
    autocorrect: "off",
    "data-gramm": "false",
  };
  for (const [name, value] of Object.entries(attributes)) pane.setAttribute(name, value);
  editable(true);
  for (const event of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
    pane.addEventListener(event, (happening) => happening.preventDefault());
  }
  // A finger selects plain text better than that of a field; a key needs the caret.
  pane.addEventListener("pointerdown", (event) => editable(event.pointerType !== "touch"));
  pane.addEventListener("keydown", () => editable(true), { capture: true });
  // What an input method composes cannot be refused, only taken back.
  const watch = new MutationObserver(() => {
    watch.disconnect();
    pane.replaceChildren(...original.map((node) => node.cloneNode(true)));
    begin();
  });
  const begin = () => watch.observe(pane, { childList: true, characterData: true, subtree: true });
  begin();
}

/* The bar that follows a selection. */

const QUIET = 400; // milliseconds without a change before a selection is announced
let last = null;
let announcing = 0;

function followSelection() {
  const found = selected();
  clearTimeout(announcing);
  if (found) {
    last = found;
    const text = counted(words.selectedOne, words.selectedMany, wordCount(found.exact));
    bar.querySelector("[data-bar-count]").textContent = text;
    bar.hidden = false;
    announcing = setTimeout(() => say(text), QUIET);
  } else if (pane.contains(getSelection().anchorNode)) {
    // The finger that is on its way to the bar may have taken the selection away.
    announcing = setTimeout(hideBar, QUIET);
  }
}

function hideBar() {
  last = null;
  bar.hidden = true;
  say("");
}

/* The panel: words or a passage, and what they are cited for. */

const field = (name) => form.elements.namedItem(name);
const marked = CSS.highlights && window.Highlight ? CSS.highlights : null;
let back = null; // what has the focus when the panel closes

function showPanel({ heading, exact, isNew }) {
  panel.querySelector("h2").textContent = heading;
  panel.querySelector("[data-words-shown]").textContent = exact;
  countWords();
  panel.querySelector("[data-keep]")?.toggleAttribute("hidden", !isNew);
  panel.querySelector("#panel-problem")?.remove();
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("h2").focus();
  if (field("record")?.value) offerFields();
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) field(name).value = value;
}

function countWords() {
  const count = wordCount(panel.querySelector("[data-words-shown]").textContent);
  panel.querySelector("[data-words-count]").textContent = counted(words.countOne, words.countMany, count);
}

function highlight(range) {
  if (range) marked?.set("workbench-selected", new Highlight(range));
  else marked?.delete("workbench-selected");
}

function openForWords({ range, exact, start, end }) {
  back = () => {
    pane.focus();
    select(range);
  };
  fill({ passage: "", start, end, exact });
  bar.hidden = true;
  highlight(range);
  showPanel({ heading: words.selected, exact, isNew: true });
}

function openForPassage(number, button) {
  back = () => button.focus();
  fill({ passage: number, start: "", end: "", exact: "" });
  highlight(null);
  activate([number]);
  const heading = words.passage.replace("{number}", number);
  showPanel({ heading, exact: cards.get(number).dataset.words, isNew: false });
}

function closePanel() {
  panel.hidden = true;
  highlight(null);
  back?.();
}

/* What the words state is suggested, until something is typed. */

let asking = null;
let typed = Boolean(form && field("says")?.value);

function showField() {
  const option = field("field").selectedOptions[0];
  const now = panel.querySelector("[data-now]");
  const isChosen = option?.dataset.value !== undefined;
  const value = option?.dataset.value;
  const { something, nothing } = now.dataset;
  const told = value ? something.replace("{value}", () => value) : nothing;
  now.textContent = isChosen ? told : "";
  if (!typed) field("says").value = option?.dataset.suggestion ?? "";
}

async function offerFields() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const select = field("field");
  const before = select.value;
  select.length = 1;
  const names = ["record", "passage", "snapshot", "start", "end"];
  const asked = names.map((name) => [name, field(name).value]).filter(([, value]) => value !== "");
  if (!field("record").value) return showField();
  try {
    const answer = await fetch(`${form.dataset.fields}?${new URLSearchParams(asked)}`, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const { fields } = await answer.json();
    if (!signal.aborted) fillFields(select, fields, before);
  } catch (error) {
    if (error.name !== "AbortError") say(form.querySelector("[data-failed]").dataset.failed);
  }
}

function fillFields(select, fields, before) {
  for (const { name, label, value, suggestion } of fields) {
    const option = new Option(label, name);
    Object.assign(option.dataset, { value, suggestion });
    select.add(option);
  }
  const [first, ...others] = fields.filter(({ name, suggestion }) => name && suggestion);
  const known = fields.some(({ name }) => name === before);
  // Only where the words leave no choice is one made for the person.
  if (known) select.value = before;
  else if (first && !others.length) select.value = first.name;
  showField();
}

/* The clipboard. */

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused, or there is none: the page did not come over https
  }
}

function tellBeside(button, text) {
  button.parentElement.querySelector("[data-told]")?.remove();
  const told = document.createElement("span");
  told.dataset.told = "";
  told.className = "quiet";
  told.textContent = text.replace("{text}", button.dataset.copy);
  button.after(told);
  say(told.textContent);
}

async function copyFromCard(button) {
  tellBeside(button, (await copy(button.dataset.copy)) ? words.copied : words.notCopied);
}

/* The passage must be there before its name is copied, and the click is what opens the clipboard. */
async function keepAndCopy(button) {
  button.disabled = true;
  const data = new FormData(form);
  data.set("do", button.value);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: data, headers });
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const made = await answer.json();
      const url = new URL(made.url, location.href);
      if (await copy(made.copy)) url.searchParams.set("copied", "1");
      if (url.href === location.href) location.reload();
      else location.assign(url);
      return;
    }
  } catch {
    // The page says below what is wrong.
  }
  button.disabled = false;
  form.requestSubmit(button);
}

/* Only the cards with all of the words of the filter, and the one that is looked at. */

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const texts = new Map();

function textOf(card) {
  const parts = [...card.querySelectorAll("h3, .wb-cited, .wb-articles")];
  return fold([card.dataset.words, ...parts.map((part) => part.textContent)].join(" "));
}

function filterCards(term) {
  const wanted = fold(term).split(/\s+/u).filter(Boolean);
  let shown = 0;
  for (const [number, card] of cards) {
    if (!texts.has(number)) texts.set(number, textOf(card));
    const fits = wanted.every((word) => texts.get(number).includes(word));
    card.hidden = !fits && !card.classList.contains("wb-active");
    shown += fits;
  }
  const count = root.querySelector("[data-filter-count]");
  count.textContent = wanted.length ? counted(words.shownOne, words.shownMany, shown) : "";
}

/* What happens when. */

const buttons = {
  show: (button) => showInText(button.dataset.show),
  copy: copyFromCard,
  cite: (button) => openForPassage(button.dataset.cite, button),
};
root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  for (const [name, act] of Object.entries(buttons)) if (name in button.dataset) act(button);
});
root.querySelector("[data-filter]")?.addEventListener("input", (event) => filterCards(event.target.value));

if (pane) {
  makeReadOnlyField();
  pane.addEventListener("click", () => getSelection().isCollapsed && leadToCards(false));
  pane.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const found = bar && selected();
    if (event.key === "Enter") {
      event.preventDefault();
      if (found) openForWords(found);
      else leadToCards(true);
    } else if (event.key === "Escape" && found) {
      getSelection().collapseToEnd();
      hideBar();
    }
  });
}
if (bar) {
  document.addEventListener("selectionchange", followSelection);
  bar.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.preventDefault());
  bar.querySelector("[data-bar-open]").addEventListener("click", () => last && openForWords(last));
}
if (panel) {
  panel.querySelector("[data-close]").addEventListener("click", closePanel);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) closePanel();
  });
  form.addEventListener("record-picked", offerFields);
  field("field")?.addEventListener("change", showField);
  field("says")?.addEventListener("input", (event) => (typed = event.target.value !== ""));
  panel.querySelector("[data-keep-and-copy]")?.addEventListener("click", (event) => {
    event.preventDefault();
    keepAndCopy(event.currentTarget);
  });
}

/* What the address or a refusal says. */

function begin() {
  if (panel && !panel.hidden) {
    if (field("passage").value) {
      activate([field("passage").value]);
      back = () => toCard(field("passage").value, { focus: true });
    } else if (pane && field("end").value) {
      const range = rangeAt(Number(field("start").value), Number(field("end").value));
      back = () => {
        pane.focus();
        select(range);
      };
      highlight(range);
      scrollTo(range);
    } else back = () => pane?.focus();
    countWords();
    panel.querySelector("#panel-problem")?.focus();
    return;
  }
  const card = root.querySelector(".wb-card.wb-active");
  if (!card) return;
  const number = card.dataset.card;
  activate([number]);
  if (pane && marksOf(number).length) {
    const range = document.createRange();
    range.selectNodeContents(marksOf(number)[0]);
    scrollTo(range);
  }
  toCard(number, { focus: true });
  // What the page says on top is out of sight now.
  say(document.querySelector(".messagelist")?.textContent.trim() ?? "");
  if (root.querySelector("[data-copied-note]")) tellBeside(card.querySelector("[data-copy]"), words.copied);
}
begin();

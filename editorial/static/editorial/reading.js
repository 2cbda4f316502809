/* Read and check: walking the sentences by keyboard, and words that are selected to be commented on.

   Offsets are Unicode code points of the plain text; each sentence says in data-start how many stand before it. */

const root = document.querySelector("[data-reading]");
const rows = [...root.querySelectorAll("[data-row]")];
const bar = root.querySelector("[data-bar]");
root.classList.add("reading-has-script");

const codePoints = (text) => [...text].length;

/* Walking. One sentence at a time can be reached with Tab; the keys count only while it has the focus. */

function stand(row) {
  for (const one of rows) one.tabIndex = one === row ? 0 : -1;
}

function goTo(row) {
  if (!row) return;
  stand(row);
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function open(details, field) {
  if (!details) return;
  details.open = true;
  details.querySelector(field).focus();
}

const keys = {
  next: (row) => goTo(rows[rows.indexOf(row) + 1]),
  back: (row) => goTo(rows[rows.indexOf(row) - 1]),
  holds: (row) => row.querySelector("[data-holds]")?.click(),
  wrong: (row) => open(row.querySelector("[data-wrong]"), "textarea"),
  comment: (row) => open(row.querySelector("[data-say]"), "[name=comment]"),
};
const meaning = { j: "next", ArrowDown: "next", k: "back", ArrowUp: "back", h: "holds", x: "wrong", c: "comment" };

for (const row of rows) {
  row.addEventListener("focusin", () => stand(row));
  row.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target !== row) {
      const details = event.target.closest("details[open]");
      if (details) details.open = false;
      goTo(row);
    } else if (event.target === row && meaning[event.key]) {
      event.preventDefault();
      keys[meaning[event.key]](row);
    }
  });
}

/* Which words a comment is about. */

function setWords(form, start, end, words) {
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.querySelector("[data-about-words]").textContent = root.dataset.about.replace("{words}", () => words);
}

// The keyboard selects in a field that holds the sentence; nothing selected is all of it.
function choose(field) {
  const form = field.form;
  const first = Number(field.closest("[data-row]").querySelector("[data-start]").dataset.start);
  const isAll = field.selectionStart === field.selectionEnd;
  const [from, to] = isAll ? [0, field.value.length] : [field.selectionStart, field.selectionEnd];
  const start = first + codePoints(field.value.slice(0, from));
  const words = field.value.slice(from, to);
  setWords(form, start, start + codePoints(words), words);
}

// A field that is only read has no caret in some browsers; this one takes a caret and changes by nothing.
for (const field of root.querySelectorAll("[data-choose]")) {
  field.readOnly = false;
  field.inputMode = "none";
  field.addEventListener("beforeinput", (event) => event.preventDefault());
  field.addEventListener("input", () => (field.value = field.defaultValue));
  for (const happening of ["select", "keyup", "pointerup"]) field.addEventListener(happening, () => choose(field));
}

/* The bar that follows a selection in the text. */

let last = null;
let pressed = false; // on its way to the bar a finger takes the selection away

function placeOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const words = element.closest("[data-start]");
  if (!words) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(node, offset);
  return Number(words.dataset.start) + codePoints(before.toString());
}

// What lies between two sentences is not words of the text, so each end is moved into the nearest sentence.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const touched = [...root.querySelectorAll("[data-start]")].filter((one) => range.intersectsNode(one));
  if (!touched.length) return null;
  const [first, end] = [touched[0], touched.at(-1)];
  const place = {
    start: placeOf(range.startContainer, range.startOffset) ?? Number(first.dataset.start),
    end: placeOf(range.endContainer, range.endOffset) ?? Number(end.dataset.start) + codePoints(end.textContent),
  };
  const words = touched.length === 1 ? range.toString() : `${first.textContent} … ${end.textContent}`;
  return words.trim() && place.end > place.start ? { ...place, words: words.trim(), row: first.closest("[data-row]") } : null;
}

function follow() {
  if (pressed || bar.contains(document.activeElement) || document.activeElement?.matches("textarea, input")) return;
  last = selected();
  bar.hidden = !last;
  if (last) bar.querySelector("[data-bar-words]").textContent = last.words;
}

if (bar) {
  document.addEventListener("selectionchange", follow);
  document.addEventListener("pointerdown", (event) => {
    pressed = bar.contains(event.target);
    if (pressed) event.preventDefault();
  });
  bar.querySelector("[data-bar-open]").addEventListener("click", () => {
    pressed = false;
    if (!last) return;
    const { row, start, end, words } = last;
    const details = row.querySelector("[data-say]");
    setWords(details.querySelector("form"), start, end, words);
    open(details, "[name=comment]");
    bar.hidden = true;
  });
}

/* Who is picked from the list is named in the text, so that several can be. */

for (const field of root.querySelectorAll("[data-mention]")) {
  field.addEventListener("change", () => {
    const names = [...document.getElementById("people").options].map((option) => option.value);
    if (!names.includes(field.value)) return;
    const text = document.getElementById(field.dataset.mention);
    text.value = `${text.value}${/(^|\s)$/.test(text.value) ? "" : " "}@${field.value} `;
    field.value = "";
    text.focus();
  });
}

/* The address leads to the sentence to go on with, or to a comment. */

const target = location.hash && document.getElementById(location.hash.slice(1));
if (rows.length) stand(rows[0]);
if (rows.includes(target)) goTo(target);
else if (target) target.focus();

// What stands beside the text and follows it: coverage, the sentences without support, the findings.
import { Extension, pm } from "django-prose-editor/editor";
import { whenQuiet } from "writing/asking";

const QUIET = 700; // milliseconds
const { Decoration, DecorationSet } = pm.view;
const { Plugin, PluginKey, TextSelection } = pm.state;
const marks = new PluginKey("unsupported");
const SPACES = /[ \t\n\r\f]/;

// Underlines the unsupported sentences until the text under them changes.
export const Unsupported = Extension.create({
  name: "unsupported",
  addProseMirrorPlugins: () => [
    new Plugin({
      key: marks,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, set) => tr.getMeta(marks) ?? set.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => marks.getState(state) },
    }),
  ],
});

// The blocks with words or citations, in the order in which the server counts them.
export function leavesOf(doc) {
  const leaves = [];
  doc.descendants((node, place) => {
    if (!node.isTextblock) return;
    let says = false;
    node.descendants((inner) => {
      says ||= inner.type.name === "citation" || Boolean(inner.text?.trim());
    });
    if (says) leaves.push({ node, place: place + 1 });
  });
  return leaves;
}

// The span of `length` code points that are no white space, after the first `skip` of them.
export function spanIn({ node, place }, skip, length) {
  let seen = 0;
  let from = null;
  let to = null;
  node.forEach((inner, offset) => {
    let at = place + offset;
    for (const character of inner.text ?? "") {
      if (!SPACES.test(character)) {
        if (seen === skip) from = at;
        seen += 1;
        if (seen === skip + length) to = at + character.length;
      }
      at += character.length;
    }
  });
  return from === null || to === null ? null : { from, to };
}

export class Panel {
  #asked = 0;

  constructor(element, { editor, passages, photos, url, token, languageOf, bodyOf }) {
    Object.assign(this, { editor, passages, photos, url, token, languageOf, bodyOf });
    this.parts = Object.fromEntries([...element.querySelectorAll("[data-panel]")].map((one) => [one.dataset.panel, one]));
    this.refreshSoon = whenQuiet(() => this.refresh(), QUIET);
  }

  async refresh() {
    if (this.editor.isDestroyed) return;
    this.#asked += 1;
    const number = this.#asked;
    const data = new FormData();
    data.set("body", this.bodyOf());
    data.set("language", this.languageOf());
    const { doc } = this.editor.state;
    try {
      const headers = { "X-CSRFToken": this.token };
      const response = await fetch(this.url, { method: "POST", body: data, headers });
      if (!response.ok) throw new Error(`${response.status}`);
      const report = await response.json();
      if (number === this.#asked && this.editor.state.doc.eq(doc)) this.#show(report);
      this.parts.trouble.hidden = true;
    } catch {
      this.parts.trouble.hidden = false;
    }
  }

  #show(report) {
    this.passages.learn(report.passages, report.unknown);
    this.photos.learn(report.photos, report.unknown_photos);
    for (const name of ["percent", "supported", "exempt", "unsupported", "words"]) {
      this.parts[name].textContent = report[name] ?? "–";
    }
    const leaves = leavesOf(this.editor.state.doc);
    const spans = report.sentences.map(({ block, skip, length }) => leaves[block] && spanIn(leaves[block], skip, length));
    const underlined = spans
      .filter(Boolean)
      .map(({ from, to }) => Decoration.inline(from, to, { class: "writing-unsupported" }));
    const { state, view } = this.editor;
    view.dispatch(state.tr.setMeta(marks, DecorationSet.create(state.doc, underlined)).setMeta("addToHistory", false));
    this.parts.sentences.replaceChildren(...report.sentences.map((one, index) => this.#sentence(one.text, index)));
    this.parts.open.hidden = report.sentences.length === 0;
    this.parts.problems.replaceChildren(...report.problems.map((problem) => this.#problem(problem)));
    this.parts.findings.hidden = report.problems.length === 0;
  }

  #sentence(text, index) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "writing-goto";
    button.textContent = text;
    button.addEventListener("click", () => this.#goTo(index));
    item.append(button);
    return item;
  }

  #problem({ message, where }) {
    const item = document.createElement("li");
    item.textContent = where ? `${message} (${where})` : message;
    return item;
  }

  // To the end of the sentence, where its citation belongs. The underlining has moved with the text.
  #goTo(index) {
    const { state, view } = this.editor;
    const found = marks.getState(state).find()[index];
    // ProseMirror scrolls only to a selection in an editor that has the focus.
    view.focus();
    if (found) view.dispatch(view.state.tr.setSelection(TextSelection.create(state.doc, found.to)).scrollIntoView());
  }
}

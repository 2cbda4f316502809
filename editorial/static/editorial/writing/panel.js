// What stands beside the text and follows it: coverage, the sentences without support, the findings.
import { Extension, pm } from "django-prose-editor/editor";
import { whenQuiet } from "writing/asking";

const QUIET = 700; // milliseconds
const { Decoration, DecorationSet } = pm.view;
const { Plugin, PluginKey, TextSelection } = pm.state;
const marks = new PluginKey("unsupported");
const SPACES = /[ \t\n\r\f]/;

// Underlines the unsupported sentences, and keeps the places of the findings, until the next report.
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

// To a field of the article's form; where an autocomplete hides it, to what stands in its place.
function goToField(name) {
  const field = document.getElementById(`id_${name}`) ?? document.querySelector("#contributions-group select");
  const shown = field?.parentElement.querySelector(".select2-selection") ?? field;
  shown?.scrollIntoView({ block: "center" });
  shown?.focus({ preventScroll: true });
}

export class Panel {
  #asked = 0;

  #begun = false;

  // `form` is the article's: what stands in it is checked as it is, saved or not.
  constructor(element, { editor, passages, photos, url, token, form }) {
    Object.assign(this, { editor, passages, photos, url, token, form });
    this.parts = Object.fromEntries([...element.querySelectorAll("[data-panel]")].map((one) => [one.dataset.panel, one]));
    this.refreshSoon = whenQuiet(() => this.refresh(), QUIET);
    // Autocompletes are jQuery's: their events reach its listeners only.
    window.django?.jQuery(form).on("input change", () => this.refreshSoon());
  }

  async refresh() {
    if (this.editor.isDestroyed) return;
    this.#asked += 1;
    const number = this.#asked;
    const data = new FormData(this.form);
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
    const mark = (kind, attributes) => (place, index) => {
      const span = place && leaves[place.block] && spanIn(leaves[place.block], place.skip, place.length);
      return span ? [Decoration.inline(span.from, span.to, attributes, { name: `${kind} ${index}` })] : [];
    };
    const marked = [
      ...report.sentences.flatMap(mark("sentence", { class: "writing-unsupported" })),
      ...report.problems.map(({ place }) => place).flatMap(mark("problem", {})),
      ...[this.#askedFor()].flatMap(mark("asked for", {})),
    ];
    const { state, view } = this.editor;
    view.dispatch(state.tr.setMeta(marks, DecorationSet.create(state.doc, marked)).setMeta("addToHistory", false));
    this.parts.sentences.replaceChildren(...report.sentences.map((one, index) => this.#sentence(one.text, index)));
    this.parts.open.hidden = report.sentences.length === 0;
    this.parts.problems.replaceChildren(...report.problems.map((one, index) => this.#problem(one, index)));
    this.parts.findings.hidden = report.problems.length === 0;
    if (!this.#begun && this.#askedFor()) this.#goTo("asked for 0");
    this.#begun = true;
  }

  // The place that the address of the page leads to, as the page of the review writes it.
  #askedFor() {
    const found = /^#body-(\d+)-(\d+)-(\d+)$/.exec(location.hash);
    if (this.#begun || !found) return null;
    const [block, skip, length] = found.slice(1).map(Number);
    return { block, skip, length };
  }

  #sentence(text, index) {
    const item = document.createElement("li");
    item.append(this.#button([text], () => this.#goTo(`sentence ${index}`)));
    return item;
  }

  #problem({ level, label, message, where, field }, index) {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    name.className = `writing-level writing-${level}`;
    name.textContent = label;
    const says = [name, " ", where ? `${message} (${where})` : message];
    const go = field === "body" ? () => this.#goTo(`problem ${index}`) : () => goToField(field);
    item.append(...(field ? [this.#button(says, go)] : says));
    return item;
  }

  #button(content, work) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "writing-goto";
    button.append(...content);
    button.addEventListener("click", work);
    return button;
  }

  // To the end of the words, where their citation belongs. The marks have moved with the text.
  #goTo(name) {
    const { view } = this.editor;
    view.focus(); // before the selection: the editor scrolls to one only while it has the focus
    const { state } = view;
    const [found] = marks.getState(state).find(undefined, undefined, (spec) => spec.name === name);
    if (found) view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, found.to)).scrollIntoView());
  }
}

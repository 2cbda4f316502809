// The comments beside the text: their words are marked, move with the text, and a click leads to them.
import { Extension, pm } from "django-prose-editor/editor";
import { leavesOf, spanIn } from "writing/panel";

const { Decoration, DecorationSet } = pm.view;
const { Plugin, PluginKey, TextSelection } = pm.state;
const marks = new PluginKey("commented");

export const Commented = Extension.create({
  name: "commented",
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

// UTF-16 offsets of the `length` code points that are no white space, after the first `skip` of them.
function spanOf(text, skip, length) {
  const seen = [...text.matchAll(/[^ \t\n\r\f]/gu)];
  const [first, last] = [seen[skip], seen[skip + length - 1]];
  return first && last ? [first.index, last.index + last[0].length] : null;
}

const solid = (text) => text.replace(/[ \t\n\r\f]/g, "");

export class Comments {
  #words = new Map();

  constructor(element, editor, form) {
    if (!element) return;
    Object.assign(this, { element, editor, form });
    this.told = element.querySelector("[data-comments-told]");
    const buttons = [...element.querySelectorAll("[data-comment]")];
    for (const button of buttons) button.addEventListener("click", () => this.#goTo(button));
    this.#mark(buttons.filter((button) => button.dataset.field === "body"));
  }

  #mark(buttons) {
    const { state, view } = this.editor;
    const leaves = leavesOf(state.doc);
    const found = [];
    for (const { dataset } of buttons) {
      const leaf = leaves[Number(dataset.block)];
      const span = leaf && spanIn(leaf, Number(dataset.skip), Number(dataset.length));
      this.#words.set(dataset.comment, dataset.words);
      // A form that was refused holds another text than the one in which the server counted.
      if (!span || solid(state.doc.textBetween(span.from, span.to)) !== solid(dataset.words)) continue;
      found.push(Decoration.inline(span.from, span.to, { class: "writing-commented" }, { comment: dataset.comment }));
    }
    view.dispatch(state.tr.setMeta(marks, DecorationSet.create(state.doc, found)).setMeta("addToHistory", false));
  }

  #goTo({ dataset }) {
    const isThere = dataset.field === "body" ? this.#inBody(dataset.comment) : this.#inField(dataset);
    this.told.textContent = isThere ? "" : this.element.dataset.gone;
  }

  #inField({ field, skip, length }) {
    const input = this.form.elements[field];
    const span = spanOf(input.value, Number(skip), Number(length));
    input.focus();
    if (span) input.setSelectionRange(...span);
    return Boolean(span);
  }

  #inBody(comment) {
    const { state, view } = this.editor;
    const mark = marks.getState(state).find(undefined, undefined, (spec) => spec.comment === comment)[0];
    const span = mark && mark.from < mark.to ? mark : this.#again(comment);
    if (!span) return false;
    // ProseMirror scrolls only to a selection in an editor that has the focus.
    view.focus();
    view.dispatch(view.state.tr.setSelection(TextSelection.create(state.doc, span.from, span.to)).scrollIntoView());
    return true;
  }

  // Another text was put into the editor, so the mark is gone; its words may still stand in it.
  #again(comment) {
    const words = this.#words.get(comment);
    for (const { node, place } of leavesOf(this.editor.state.doc)) {
      const at = words ? node.textBetween(0, node.content.size, "", "￼").indexOf(words) : -1;
      if (at >= 0) return { from: place + at, to: place + at + words.length };
    }
    return null;
  }
}

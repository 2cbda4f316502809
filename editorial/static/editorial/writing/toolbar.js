// The buttons above the text: one stop for Tab, arrow keys between them, Alt+F10 to come from the text.
import { pm } from "django-prose-editor/editor";
import { ask, getJSON } from "writing/asking";

const { NodeSelection } = pm.state;

function blockAround(state, names) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (names.includes(node.type.name)) return { node, place: $from.before(depth) };
  }
  return null;
}

export class Toolbar {
  constructor(element, editor, { dialogs, seasonsUrl, pickers, passages, photos }) {
    Object.assign(this, { element, editor, dialogs, seasonsUrl, pickers, passages, photos });
    this.buttons = [...element.querySelectorAll("button[data-do]")];
    this.buttons.forEach((button, index) => {
      button.tabIndex = index === 0 ? 0 : -1;
      button.addEventListener("click", () => this[button.dataset.do]());
    });
    element.addEventListener("keydown", (event) => this.#move(event));
    editor.view.dom.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "F10") {
        event.preventDefault();
        this.#focus(this.buttons.find((button) => button.tabIndex === 0));
      }
    });
    editor.on("transaction", () => this.#show());
    this.#show();
  }

  paragraph = () => this.#run((chain) => chain.setParagraph());
  question = () => this.#run((chain) => chain.toggleHeading({ level: 2 }));
  subheading = () => this.#run((chain) => chain.toggleHeading({ level: 3 }));
  bullets = () => this.#run((chain) => chain.toggleBulletList());
  numbers = () => this.#run((chain) => chain.toggleOrderedList());
  bold = () => this.#run((chain) => chain.toggleBold());
  italic = () => this.#run((chain) => chain.toggleItalic());
  undo = () => this.#run((chain) => chain.undo());
  redo = () => this.#run((chain) => chain.redo());

  // `typed` opened the picker and is put back when nothing was picked.
  cite = async (typed = "") => {
    const picked = await this.pickers.passages.pick();
    if (picked) {
      this.passages.learn([picked.row]);
      const attrs = { passage: picked.row.key, covers: Boolean(picked.covers) };
      const at = this.editor.state.selection.to;
      this.editor.chain().focus().insertContentAt(at, { type: "citation", attrs }).setTextSelection(at + 1).run();
    } else {
      this.#run((chain) => (typed ? chain.insertContent({ type: "text", text: typed }) : chain));
    }
  };

  photo = async () => {
    const picked = await this.pickers.photos.pick();
    if (picked) this.photos.learn([picked.row]);
    this.#put(picked && { type: "photo", attrs: { photo: picked.row.key } });
  };

  // Of the words that are chosen; without any, of the mark or the block that the cursor stands in.
  exempt = async () => {
    const { state } = this.editor;
    const marked = this.editor.isActive("notAClaim");
    const block = blockAround(state, ["paragraph", "heading"]);
    const ofBlock = state.selection.empty && !marked;
    const around = ofBlock ? block?.node.attrs : null;
    const { reason } = marked ? this.editor.getAttributes("notAClaim") : (around ?? {});
    const dialog = this.dialogs.reason;
    dialog.querySelector("[data-of=block]").hidden = !ofBlock;
    dialog.querySelector("[data-of=words]").hidden = ofBlock;
    dialog.querySelector("[value=remove]").hidden = !reason;
    const given = await ask(dialog, { reason });
    const chosen = given?.answer === "remove" ? null : given?.reason.trim();
    this.#run((chain) => {
      if (!given || (given.answer !== "remove" && !chosen)) return chain;
      if (ofBlock) return block ? chain.updateAttributes(block.node.type.name, { reason: chosen }) : chain;
      const whole = state.selection.empty ? chain.extendMarkRange("notAClaim") : chain;
      return chosen ? whole.setMark("notAClaim", { reason: chosen }) : whole.unsetMark("notAClaim");
    });
  };

  quote = async () => {
    const around = blockAround(this.editor.state, ["blockquote"]);
    const values = around ? around.node.attrs : {};
    this.dialogs.quotation.querySelector("[value=remove]").hidden = !around;
    const given = await ask(this.dialogs.quotation, values);
    this.#run((chain) => {
      if (!given) return chain;
      if (given.answer === "remove") return chain.lift("blockquote");
      const { speaker, handle, date, language, kind } = given;
      const attributes = { speaker, handle, date, language, kind: kind ?? null, url: given.url.trim() };
      return around ? chain.updateAttributes("blockquote", attributes) : chain.wrapIn("blockquote", attributes);
    });
  };

  link = async () => {
    const linked = this.editor.isActive("link");
    if (this.editor.state.selection.empty && !linked) return this.#run((chain) => chain);
    this.dialogs.link.querySelector("[value=remove]").hidden = !linked;
    const given = await ask(this.dialogs.link, this.editor.getAttributes("link"));
    return this.#run((chain) => {
      if (!given) return chain;
      const whole = linked ? chain.extendMarkRange("link") : chain;
      return given.answer === "remove" ? whole.unsetMark("link") : whole.setMark("link", { href: given.href.trim() });
    });
  };

  embed = async () => {
    const select = this.dialogs.embed.querySelector("select[name=season]");
    if (select.options.length === 0) {
      const { seasons } = await getJSON(this.seasonsUrl);
      select.append(...seasons.map(({ key, name }) => new Option(name, key)));
    }
    const given = await ask(this.dialogs.embed);
    this.#put(given?.season && { type: "embed", attrs: { kind: given.kind, season: given.season } });
  };

  // In the place of an empty paragraph, else behind the block that the cursor stands in: no sentence is cut.
  // It is chosen then, so that Enter or typing goes on behind it.
  #put(block) {
    const { $to } = this.editor.state.selection;
    const isEmpty = $to.depth === 1 && $to.parent.content.size === 0;
    const to = $to.parent.isTextblock ? $to.after() : $to.pos;
    const from = isEmpty ? $to.before() : to;
    this.#run((chain) => (block ? chain.insertContentAt({ from, to }, block).setNodeSelection(from) : chain));
  }

  #run(work) {
    work(this.editor.chain().focus()).run();
  }

  #show() {
    const { editor } = this;
    const active = {
      paragraph: editor.isActive("paragraph"),
      question: editor.isActive("heading", { level: 2 }),
      subheading: editor.isActive("heading", { level: 3 }),
      bullets: editor.isActive("bulletList"),
      numbers: editor.isActive("orderedList"),
      quote: editor.isActive("blockquote"),
      bold: editor.isActive("bold"),
      italic: editor.isActive("italic"),
      link: editor.isActive("link"),
      exempt: editor.isActive("notAClaim") || Boolean(blockAround(editor.state, ["paragraph", "heading"])?.node.attrs.reason),
    };
    const nothing = editor.state.selection.empty || editor.state.selection instanceof NodeSelection;
    for (const button of this.buttons) {
      const name = button.dataset.do;
      if (name in active) button.setAttribute("aria-pressed", String(active[name]));
      if (name === "link") button.setAttribute("aria-disabled", String(nothing && !active.link));
    }
  }

  #move(event) {
    const last = this.buttons.length - 1;
    const index = this.buttons.indexOf(document.activeElement);
    if (index < 0) return;
    if (event.key === "Escape") this.editor.commands.focus();
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#focus(this.buttons[(next + last + 1) % (last + 1)]);
  }

  #focus(button) {
    for (const one of this.buttons) one.tabIndex = one === button ? 0 : -1;
    button.focus();
  }
}

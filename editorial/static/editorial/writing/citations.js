// Citations: chips in the text, and the card that says what stands behind one.
import { InputRule, Node, nodeInputRule, nodePasteRule, pm } from "django-prose-editor/editor";

const KEY = "[a-z0-9][a-zA-Z0-9_-]{0,199}#[1-9][0-9]{0,8}";
const TYPED = new RegExp(`\\[@${KEY}\\]$`);
const PASTED = new RegExp(`\\[@${KEY}\\]`, "g");
const HIDE_AFTER = 250; // milliseconds in which the pointer can go from the chip to its card

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

export function describe(passage, texts) {
  if (!passage) return texts.loading;
  if (passage.missing) return texts.missing;
  return [`${passage.state}.`, passage.doubt, `${passage.excerpt} (${passage.source})`].filter(Boolean).join(" ");
}

// Whether the passage stands in its source, and nothing that it supports has changed since.
const holds = (passage) => Boolean(passage?.supports && !passage.doubt);

// A row of the picker.
export function fillPassage(option, passage) {
  const words = document.createElement("q");
  words.textContent = passage.excerpt;
  const state = part(`standing standing-${holds(passage) ? "verified" : "unconfirmed"}`, passage.state);
  option.append(words, part("writing-option-about", `${passage.key} · ${passage.source}`), state);
  if (passage.doubt) option.append(part("writing-option-about", passage.doubt));
}

class Chip {
  constructor(node, { passages, card, texts, getPos }) {
    Object.assign(this, { node, passages, card, texts, getPos });
    this.dom = document.createElement("span");
    this.dom.className = "writing-chip";
    this.dom.setAttribute("role", "img");
    this.dom.addEventListener("mouseenter", () => card.open(this));
    this.dom.addEventListener("mouseleave", () => card.closeSoon());
    this.leave = passages.follow(this);
    this.show();
  }

  get key() {
    return this.node.attrs.passage;
  }

  show() {
    const passage = this.passages.get(this.key);
    const [source, number] = this.key.split("#");
    const parts = [part("writing-chip-source", source), `#${number}`];
    const isBad = passage && !holds(passage);
    if (isBad) parts.unshift(part("writing-chip-mark", "!"));
    if (this.node.attrs.covers) parts.push(" ¶");
    this.dom.replaceChildren(...parts);
    this.dom.classList.toggle("writing-chip-bad", Boolean(isBad));
    const covers = this.node.attrs.covers ? `, ${this.texts.covers}` : "";
    this.dom.setAttribute("aria-label", `${this.texts.citation} ${this.key}${covers}: ${describe(passage, this.texts)}`);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  selectNode() {
    this.dom.classList.add("writing-chip-chosen");
    this.card.open(this);
    this.card.announce(`${this.dom.getAttribute("aria-label")} ${this.texts.enter}`);
  }

  deselectNode() {
    this.dom.classList.remove("writing-chip-chosen");
    this.card.closeSoon();
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.leave();
    this.card.close(this);
  }
}

// The card of one chip at a time. Enter goes into it, Escape closes it and leads back.
export class Card {
  #timer = 0;

  constructor(element, status, passages, texts) {
    Object.assign(this, { element, status, passages, texts, chip: null, editor: null });
    this.parts = Object.fromEntries([...element.querySelectorAll("[data-card]")].map((one) => [one.dataset.card, one]));
    passages.follow(this);
    element.addEventListener("mouseenter", () => clearTimeout(this.#timer));
    element.addEventListener("mouseleave", () => this.closeSoon());
    element.addEventListener("focusout", () => this.closeSoon());
    element.addEventListener("focusin", () => clearTimeout(this.#timer));
    this.parts.covers.addEventListener("click", () => this.#toggleCovers());
    this.parts.remove.addEventListener("click", () => this.#remove());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.element.hidden) return;
      const inside = this.element.contains(document.activeElement);
      this.close();
      if (inside) this.editor.commands.focus();
    });
  }

  open(chip) {
    clearTimeout(this.#timer);
    this.chip = chip;
    this.show();
    this.element.hidden = false;
    this.#place(chip.dom);
  }

  show() {
    const { chip } = this;
    if (!chip) return;
    const passage = this.passages.get(chip.key);
    const known = passage && !passage.missing;
    this.parts.key.textContent = chip.key;
    this.parts.state.textContent = known ? passage.state : describe(passage, this.texts);
    this.parts.state.className = `standing standing-${holds(passage) ? "verified" : "unconfirmed"}`;
    this.parts.doubt.textContent = passage?.doubt ?? "";
    this.parts.doubt.hidden = !passage?.doubt;
    this.parts.excerpt.textContent = known ? passage.excerpt : "";
    this.parts.excerpt.hidden = !known;
    this.parts.source.textContent = known ? passage.source : "";
    this.parts.link.hidden = !known;
    if (known) this.parts.link.href = passage.url;
    this.#showCovers();
  }

  enter() {
    if (this.element.hidden) return false;
    clearTimeout(this.#timer);
    this.parts.covers.focus();
    return true;
  }

  closeSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.element.contains(document.activeElement) || this.element.matches(":hover")) return;
      const chosen = this.element.parentElement.querySelector(".writing-chip-chosen");
      if (!chosen || this.chip?.dom !== chosen || !this.editor.isFocused) this.close();
    }, HIDE_AFTER);
  }

  close(chip = this.chip) {
    if (chip !== this.chip) return;
    clearTimeout(this.#timer);
    this.element.hidden = true;
    this.chip = null;
  }

  announce(text) {
    this.status.textContent = text;
  }

  #place(dom) {
    const frame = this.element.offsetParent.getBoundingClientRect();
    const chip = dom.getBoundingClientRect();
    const left = Math.min(chip.left - frame.left, frame.width - this.element.offsetWidth);
    this.element.style.left = `${Math.max(0, left)}px`;
    const height = this.element.offsetHeight + 4;
    const above = chip.bottom + height > window.innerHeight && chip.top > height;
    this.element.style.top = `${above ? chip.top - frame.top - height : chip.bottom - frame.top + 4}px`;
  }

  #toggleCovers() {
    const place = this.chip.getPos();
    const covers = !this.chip.node.attrs.covers;
    this.editor.view.dispatch(this.editor.state.tr.setNodeAttribute(place, "covers", covers));
    this.#showCovers();
  }

  #showCovers() {
    const { covers } = this.chip.node.attrs;
    this.parts.covers.setAttribute("aria-pressed", String(covers));
    this.parts.middle.hidden = !covers || this.#endsParagraph();
  }

  #endsParagraph() {
    const place = this.editor.state.doc.resolve(this.chip.getPos());
    const { parent, parentOffset } = place;
    return !/[\p{L}\p{N}]/u.test(parent.textBetween(parentOffset, parent.content.size));
  }

  #remove() {
    const place = this.chip.getPos();
    this.close();
    this.editor.chain().focus().deleteRange({ from: place, to: place + 1 }).run();
  }
}

export function citation({ passages, card, texts, pick }) {
  return Node.create({
    name: "citation",
    group: "inline",
    inline: true,
    atom: true,
    draggable: true,
    priority: 1001, // Enter on a chip is for its card, not for the list around it
    addAttributes: () => ({
      passage: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-passage")?.trim(),
        renderHTML: ({ passage }) => ({ "data-passage": passage }),
      },
      covers: {
        default: false,
        parseHTML: (element) => element.getAttribute("data-covers") === "paragraph",
        renderHTML: ({ covers }) => (covers ? { "data-covers": "paragraph" } : {}),
      },
    }),
    parseHTML: () => [{ tag: "cite[data-passage]" }],
    renderHTML: ({ HTMLAttributes }) => ["cite", HTMLAttributes],
    renderText: ({ node }) => `[@${node.attrs.passage}]`,
    addNodeView: () => ({ node, getPos }) => new Chip(node, { passages, card, texts, getPos }),
    addInputRules() {
      const attributes = (match) => ({ passage: match[0].slice(2, -1) });
      return [
        nodeInputRule({ find: TYPED, type: this.type, getAttributes: attributes }),
        new InputRule({
          find: /\[@$/,
          handler: ({ range, chain }) => {
            chain().deleteRange(range).run();
            // When the text is as the rule leaves it, and before the next key.
            queueMicrotask(() => pick("[@"));
          },
        }),
      ];
    },
    addPasteRules() {
      const attributes = (match) => ({ passage: match[0].slice(2, -1) });
      return [nodePasteRule({ find: PASTED, type: this.type, getAttributes: attributes })];
    },
    addKeyboardShortcuts: () => ({
      Enter: ({ editor }) => {
        const { selection } = editor.state;
        const isChosen = selection instanceof pm.state.NodeSelection && selection.node.type.name === "citation";
        return isChosen && card.enter();
      },
    }),
  });
}

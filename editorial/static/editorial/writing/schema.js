// What a body may hold, as the editor knows it: the blocks and marks of editorial/prose/markup.py.
import {
  Blockquote,
  Bold,
  BulletList,
  Document,
  Dropcursor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  ListItem,
  Mark,
  Node,
  OrderedList,
  Paragraph,
  pm,
  Text,
} from "django-prose-editor/editor";

const ADDRESS = /^(https?:\/\/|mailto:|\/(?!\/))\S*$/i;

// An attribute of the editor's nodes that is called otherwise in HTML.
export function kept(html, options = {}) {
  return {
    default: null,
    parseHTML: (element) => element.getAttribute(html)?.trim() || null,
    renderHTML: (attributes) => {
      const value = attributes[options.name];
      return value ? { [html]: value } : {};
    },
    keepOnSplit: false,
    ...options,
  };
}

const language = kept("lang", { name: "language", keepOnSplit: true });
const reason = kept("data-not-a-claim", { name: "reason" });

const OurParagraph = Paragraph.extend({
  addAttributes: () => ({ language, reason }),
  parseHTML: () => [{ tag: "p" }, { tag: "pre" }],
});

const OurHeading = Heading.extend({
  addOptions: () => ({ levels: [2, 3], HTMLAttributes: {} }),
  addAttributes: () => ({ level: { default: 2, rendered: false }, reason }),
  parseHTML: () =>
    Object.entries({ h1: 2, h2: 2, h3: 3, h4: 3, h5: 3, h6: 3 }).map(([tag, level]) => ({
      tag,
      attrs: { level },
    })),
});

const OurOrderedList = OrderedList.extend({ addAttributes: () => ({}), addInputRules: () => [] });

// A list item holds words, or blocks: `tight` is the first.
const OurListItem = ListItem.extend({
  addAttributes: () => ({
    tight: {
      default: true,
      rendered: false,
      parseHTML: (element) => ![...element.children].some((child) => child.tagName === "P"),
    },
    language,
    reason,
  }),
  renderHTML({ HTMLAttributes }) {
    return ["li", HTMLAttributes, 0];
  },
  // Tab leaves the editor, as it leaves every field.
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      "Mod-]": () => this.editor.commands.sinkListItem(this.name),
      "Mod-[": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

const Quotation = Blockquote.extend({
  addAttributes: () => ({
    kind: kept("data-kind", { name: "kind" }),
    speaker: kept("data-speaker", { name: "speaker" }),
    handle: kept("data-handle", { name: "handle" }),
    date: kept("data-date", { name: "date" }),
    url: kept("data-url", { name: "url" }),
    language,
    reason,
  }),
  renderHTML({ HTMLAttributes }) {
    return ["blockquote", HTMLAttributes, 0];
  },
});

const Language = Mark.create({
  name: "language",
  addAttributes: () => ({ language }),
  parseHTML: () => [{ tag: "span[lang]", consuming: false }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

const NotAClaim = Mark.create({
  name: "notAClaim",
  inclusive: false,
  addAttributes: () => ({ reason }),
  parseHTML: () => [{ tag: "span[data-not-a-claim]", consuming: false }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: kept("href", { name: "href" }) }),
  parseHTML: () => [
    { tag: "a[href]", getAttrs: (a) => (ADDRESS.test(a.getAttribute("href").trim()) ? null : false) },
  ],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
});

// A table or timeline of the catalog: moved and deleted as one, never typed into.
function embedOf(nameOf) {
  return Node.create({
    name: "embed",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({
      kind: kept("data-embed", { name: "kind" }),
      season: kept("data-season", { name: "season" }),
    }),
    parseHTML: () => ["cast", "facts", "timeline"].map((kind) => ({ tag: `div[data-embed=${kind}][data-season]` })),
    renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
    addNodeView: () => ({ node }) => {
      const dom = document.createElement("div");
      dom.className = "writing-embed";
      dom.setAttribute("role", "img");
      dom.textContent = nameOf(node.attrs);
      dom.setAttribute("aria-label", dom.textContent);
      return { dom };
    },
  });
}

// A chosen citation, table or photo is deleted on purpose only: what is typed or pasted goes behind it.
const TypeBehindAtoms = Extension.create({
  name: "typeBehindAtoms",
  addProseMirrorPlugins() {
    const { NodeSelection, TextSelection } = pm.state;
    const stepBehind = (view) => {
      const { selection, tr, schema } = view.state;
      if (!(selection instanceof NodeSelection) || !selection.node.isAtom) return false;
      if (selection.node.isBlock) tr.insert(selection.to, schema.nodes.paragraph.create());
      const place = selection.to + (selection.node.isBlock ? 1 : 0);
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, place)));
      return true;
    };
    return [
      new pm.state.Plugin({
        props: {
          handleTextInput(view, _from, _to, text) {
            if (!stepBehind(view)) return false;
            view.dispatch(view.state.tr.insertText(text));
            return true;
          },
          handlePaste(view) {
            stepBehind(view);
            return false;
          },
        },
      }),
    ];
  },
});

// The marks stand from the outermost to the innermost.
export function extensions(nameOfEmbed, more) {
  return [
    Document,
    OurParagraph,
    Text,
    OurHeading,
    BulletList.extend({ addInputRules: () => [] }),
    OurOrderedList,
    OurListItem,
    Quotation,
    HardBreak,
    embedOf(nameOfEmbed),
    NotAClaim,
    Language,
    Link,
    Bold,
    Italic,
    History,
    Dropcursor,
    Gapcursor,
    TypeBehindAtoms,
    ...more,
  ];
}

// The body that the document stands for. Items that hold words only are written without a paragraph.
export function written(editor) {
  const holder = document.createElement("div");
  const serializer = pm.model.DOMSerializer.fromSchema(editor.schema);
  holder.append(serializer.serializeFragment(editor.state.doc.content));
  const items = holder.querySelectorAll("li");
  let index = 0;
  editor.state.doc.descendants((node) => {
    if (node.type.name !== "listItem") return;
    const item = items[index];
    index += 1;
    const [only] = item.children;
    if (node.attrs.tight && item.children.length === 1 && only.tagName === "P" && !only.attributes.length) {
      only.replaceWith(...only.childNodes);
    }
  });
  for (const empty of holder.querySelectorAll("p:empty, h2:empty, h3:empty")) empty.remove();
  return holder.innerHTML;
}

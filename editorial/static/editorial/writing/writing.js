// Puts the editor in the place of the body's textarea, unless it could not give the body back as it was.
import { Editor, Extension, pm } from "django-prose-editor/editor";
import { Autosave } from "writing/autosave";
import { saysTheSame } from "writing/bodies";
import { Card, citation, Passages } from "writing/citations";
import { Panel, Unsupported } from "writing/panel";
import { tidied } from "writing/pasting";
import { Picker } from "writing/picker";
import { extensions, written } from "writing/schema";
import { Toolbar } from "writing/toolbar";

const textarea = document.querySelector("textarea#id_body");
const root = document.getElementById("writing");
const part = (name) => root.querySelector(`[data-part=${name}]`);

function make(texts, pick, passages, card) {
  const label = document.querySelector("label[for=id_body]");
  label.id ||= "id_body_label";
  const Pasting = Extension.create({
    name: "pasting",
    addProseMirrorPlugins: () => [new pm.state.Plugin({ props: { transformPastedHTML: tidied } })],
  });
  const nameOf = ({ kind, season }) => `${kind === "cast" ? texts.cast : texts.facts}: ${season}`;
  const editor = new Editor({
    element: part("text"),
    injectCSS: false,
    content: textarea.value,
    extensions: extensions(nameOf, [citation({ passages, card, texts, pick }), Pasting, Unsupported]),
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        "aria-describedby": "writing-help",
        spellcheck: "true",
      },
    },
  });
  label.addEventListener("click", () => editor.commands.focus());
  return editor;
}

// Only the HTML shows: the editor would lose something of this body.
function refuse(editor) {
  editor.destroy();
  part("editing").hidden = true;
  part("refused").hidden = false;
  textarea.hidden = false;
}

function start() {
  const texts = { ...root.dataset };
  const token = textarea.form.elements.csrfmiddlewaretoken.value;
  const language = document.getElementById("id_language");
  const dialogs = Object.fromEntries(
    [...document.querySelectorAll("dialog[data-dialog]")].map((one) => [one.dataset.dialog, one]),
  );
  const passages = new Passages();
  const card = new Card(part("card"), part("status"), passages, texts);
  const picker = new Picker(dialogs.picker, texts.passagesUrl, texts);
  let toolbar = null;

  textarea.before(root);
  root.hidden = false;
  const editor = make(texts, (typed) => toolbar.cite(typed), passages, card);
  card.editor = editor;
  const panel = new Panel(part("panel"), {
    editor,
    passages,
    token,
    url: texts.coverageUrl,
    form: textarea.form,
  });
  const keepsAll = (body) => saysTheSame(body, written(editor));
  const setBody = (body) => {
    textarea.value = body;
    if (editor.isDestroyed) return;
    editor.commands.setContent(body, { emitUpdate: false });
    if (keepsAll(body)) panel.refreshSoon();
    else refuse(editor);
  };
  if (keepsAll(textarea.value)) {
    textarea.hidden = true;
    for (const saved of document.querySelectorAll(".field-coverage")) saved.hidden = true;
    toolbar = new Toolbar(part("toolbar"), editor, { dialogs, seasonsUrl: texts.seasonsUrl, picker, passages });
    editor.on("update", () => {
      textarea.value = written(editor);
      panel.refreshSoon();
    });
    const readAs = () => {
      editor.view.dom.lang = language.value;
      panel.refreshSoon();
    };
    language.addEventListener("change", readAs);
    readAs();
  } else refuse(editor);
  new Autosave({
    form: textarea.form,
    url: texts.autosaveUrl,
    token,
    offer: part("offer"),
    status: part("kept"),
    texts,
    setBody,
  });
}

if (textarea && root) start();

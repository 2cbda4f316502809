// Puts the editor in the place of the body's textarea, unless it could not give the body back as it was.
import { Editor, Extension, pm } from "django-prose-editor/editor";
import { Autosave } from "writing/autosave";
import { saysTheSame } from "writing/bodies";
import { Commented, Comments } from "writing/comments";
import { Card, citation, fillPassage } from "writing/citations";
import { Known } from "writing/known";
import { Panel, Unsupported } from "writing/panel";
import { tidied } from "writing/pasting";
import { fillPhoto, photo } from "writing/photos";
import { Picker } from "writing/picker";
import { Presence } from "writing/presence";
import { extensions, written } from "writing/schema";
import { Toolbar } from "writing/toolbar";

const textarea = document.querySelector("textarea#id_body");
const root = document.getElementById("writing");
const part = (name) => root.querySelector(`[data-part=${name}]`);

function make(texts, pick, { passages, photos, card }) {
  const label = document.querySelector("label[for=id_body]");
  label.id ||= "id_body_label";
  const Pasting = Extension.create({
    name: "pasting",
    addProseMirrorPlugins: () => [new pm.state.Plugin({ props: { transformPastedHTML: tidied } })],
  });
  const nameOf = ({ kind, season }) => `${texts[kind]}: ${season}`;
  const own = [citation({ passages, card, texts, pick }), photo({ photos, texts }), Pasting, Unsupported, Commented];
  const editor = new Editor({
    element: part("text"),
    injectCSS: false,
    content: textarea.value,
    extensions: extensions(nameOf, own),
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
  const [passages, photos] = [new Known(), new Known()];
  const card = new Card(part("card"), part("status"), passages, texts);
  const { unreachable } = texts;
  const pickers = {
    passages: new Picker(dialogs.passages, texts.passagesUrl, { rows: "passages", fill: fillPassage, unreachable }),
    photos: new Picker(dialogs.photos, texts.photosUrl, { rows: "photos", fill: fillPhoto, unreachable }),
  };
  let toolbar = null;

  textarea.before(root);
  root.hidden = false;
  const editor = make(texts, (typed) => toolbar.cite(typed), { passages, photos, card });
  card.editor = editor;
  const panel = new Panel(part("panel"), {
    editor,
    passages,
    photos,
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
    new Comments(part("comments"), editor, textarea.form);
    const { seasonsUrl } = texts;
    toolbar = new Toolbar(part("toolbar"), editor, { dialogs, seasonsUrl, pickers, passages, photos });
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
  const presence = document.getElementById("presence");
  if (presence) new Presence(presence, token);
}

if (textarea && root) start();

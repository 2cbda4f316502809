// Photos: blocks in the text that show the picture with its caption and what it lacks, and their picker's rows.
import { Node } from "django-prose-editor/editor";
import { kept } from "writing/schema";

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function picture(photo, className) {
  const image = element("img", className);
  Object.assign(image, { src: photo.url, width: photo.width, height: photo.height, alt: photo.alt, loading: "lazy" });
  return image;
}

export function nameOf(photo) {
  return photo.caption || photo.alt || photo.key;
}

// A row of the picker. The picture says nothing that the words beside it do not.
export function fillPhoto(option, photo) {
  option.classList.add("writing-option-photo");
  const image = picture(photo, "writing-thumbnail");
  image.alt = "";
  const words = element("span", "writing-option-words");
  const about = [photo.key, photo.credit].filter(Boolean).join(" · ");
  words.append(element("span", "", nameOf(photo)), element("span", "writing-option-about", about));
  option.append(image, words);
}

class Block {
  constructor(node, { photos, texts }) {
    Object.assign(this, { node, photos, texts });
    this.dom = element("div", "writing-photo");
    this.dom.setAttribute("role", "img");
    this.leave = photos.follow(this);
    this.show();
  }

  get key() {
    return this.node.attrs.photo;
  }

  show() {
    const photo = this.photos.get(this.key);
    const known = photo && !photo.missing;
    const lacks = known ? [photo.alt.trim() ? "" : this.texts.noAlt, photo.credit.trim() ? "" : this.texts.noCredit] : [];
    const trouble = photo?.missing ? this.texts.photoMissing : lacks.filter(Boolean).join(" ");
    const words = known ? [nameOf(photo), photo.credit].filter(Boolean).join(" · ") : this.key;
    this.dom.replaceChildren(...(known ? [picture(photo, "writing-picture")] : []), element("span", "writing-caption", words));
    if (trouble) this.dom.append(element("span", "writing-trouble", trouble));
    this.dom.classList.toggle("writing-photo-bad", Boolean(photo?.missing));
    this.dom.setAttribute("aria-label", [`${this.texts.photo}: ${words}.`, trouble].filter(Boolean).join(" "));
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.leave();
  }
}

export function photo({ photos, texts }) {
  return Node.create({
    name: "photo",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({
      kind: { default: "photo", parseHTML: () => "photo", renderHTML: () => ({ "data-embed": "photo" }) },
      photo: kept("data-photo", { name: "photo" }),
    }),
    parseHTML: () => [{ tag: "div[data-embed=photo][data-photo]" }],
    renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
    addNodeView: () => ({ node }) => new Block(node, { photos, texts }),
  });
}

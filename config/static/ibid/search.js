/* Titles are suggested while somebody types (WAI-ARIA 1.2, editable combobox with a list). Without this module the
   field is a plain one, and Enter searches. */

const WAIT = 150;
const LEAST = 2;
/* What the reader's own link says of them; what is suggested depends on it, and leads on with it. */
const said = new URLSearchParams(location.search).get("seen");

class Suggestions {
  constructor(field) {
    this.field = field;
    this.active = -1;
    this.items = [];
    this.list = document.createElement("ul");
    this.list.id = `${field.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.suggestions);
    this.status = document.createElement("p");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    field.after(this.list);
    field.parentElement.append(this.status);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) {
      field.setAttribute(name, value);
    }
    field.addEventListener("input", () => this.wait());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    // The field keeps the focus while something is chosen.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const asked = this.field.value.trim();
    this.request?.abort();
    if (asked.length < LEAST) return this.close();
    const request = new AbortController();
    this.request = request;
    try {
      const query = new URLSearchParams(said ? { q: asked, seen: said } : { q: asked });
      const answer = await fetch(`${this.field.dataset.suggest}?${query}`, { signal: request.signal });
      if (answer.ok && asked === this.field.value.trim()) this.show(await answer.json());
    } catch {
      // One that was given up for a newer one leaves that alone.
      if (request === this.request) this.close();
    }
  }

  show({ suggestions, status }) {
    this.items = suggestions.map((one, index) => this.option(one, index));
    this.list.replaceChildren(...this.items);
    this.status.textContent = status;
    this.activate(-1);
    this.open(this.items.length > 0 && document.activeElement === this.field);
  }

  option(one, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.dataset.url = one.url;
    item.setAttribute("role", "option");
    const title = document.createElement("span");
    title.textContent = one.title;
    if (one.language) title.lang = one.language;
    const kind = document.createElement("small");
    kind.textContent = one.kind;
    item.append(title, " ", kind);
    return item;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.field.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.status.textContent = "";
    this.activate(-1);
    this.open(false);
  }

  activate(index) {
    this.active = index;
    this.items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", this.items[index].id);
    this.items[index].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const count = this.items.length + 1; // the field itself is one stop
    const isOpen = !this.list.hidden;
    if (event.key === "Escape" && isOpen) this.close();
    else if (event.key === "Enter" && isOpen && this.active >= 0) this.go(this.items[this.active]);
    else if (event.key === "ArrowDown" && isOpen) this.activate(((this.active + 2) % count) - 1);
    else if (event.key === "ArrowUp" && isOpen) this.activate(((this.active + count) % count) - 1);
    else if (event.key === "ArrowDown") this.ask();
    else return;
    event.preventDefault();
  }

  go(item) {
    if (item) location.assign(item.dataset.url);
  }
}

for (const field of document.querySelectorAll("[data-suggest]")) new Suggestions(field);

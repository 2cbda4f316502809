// The picker of passages: a combobox that searches while somebody types.
import { ask, getJSON, whenQuiet } from "writing/asking";

const QUIET = 200; // milliseconds

export class Picker {
  #asked = 0;
  #passages = [];
  #active = -1;

  constructor(dialog, url, texts) {
    Object.assign(this, { dialog, url, texts });
    this.box = dialog.querySelector("[role=combobox]");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    const search = whenQuiet(() => this.#search(), QUIET);
    this.box.addEventListener("input", search);
    this.box.addEventListener("keydown", (event) => this.#move(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take([...this.list.children].indexOf(option));
    });
  }

  // The passage that was picked and whether it covers its paragraph, or null.
  async pick() {
    this.chosen = null;
    const asking = ask(this.dialog);
    this.#search();
    const given = await asking;
    return given && this.chosen ? { passage: this.chosen, covers: Boolean(given.covers) } : null;
  }

  async #search() {
    this.#asked += 1;
    const number = this.#asked;
    try {
      const { passages } = await getJSON(`${this.url}?q=${encodeURIComponent(this.box.value)}`);
      if (number === this.#asked) this.#show(passages);
    } catch {
      this.status.textContent = this.texts.unreachable;
    }
  }

  #show(passages) {
    this.#passages = passages;
    this.list.replaceChildren(...passages.map((passage, index) => this.#option(passage, index)));
    this.list.hidden = passages.length === 0;
    this.box.setAttribute("aria-expanded", String(passages.length > 0));
    this.status.textContent = passages.length ? this.texts.found.replace("{count}", passages.length) : this.texts.none;
    this.#activate(passages.length ? 0 : -1);
  }

  #option(passage, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    const [words, about, state] = ["q", "span", "span"].map((tag) => document.createElement(tag));
    words.textContent = passage.excerpt;
    about.className = "writing-option-about";
    about.textContent = `${passage.key} · ${passage.source}`;
    state.className = `standing standing-${passage.supports ? "verified" : "unconfirmed"}`;
    state.textContent = passage.state;
    option.append(words, about, state);
    return option;
  }

  #move(event) {
    const last = this.#passages.length - 1;
    const places = { ArrowDown: Math.min(this.#active + 1, last), ArrowUp: Math.max(this.#active - 1, 0) };
    if (event.key in places && last >= 0) {
      event.preventDefault();
      this.#activate(places[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active >= 0) this.#take(this.#active);
    }
  }

  #activate(index) {
    this.#active = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    if (index >= 0) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #take(index) {
    this.chosen = this.#passages[index];
    this.dialog.close("pick");
  }
}

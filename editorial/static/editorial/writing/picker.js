// A picker: a combobox that searches while somebody types.
import { ask, getJSON, whenQuiet } from "writing/asking";

const QUIET = 200; // milliseconds

export class Picker {
  #asked = 0;
  #rows = [];
  #active = -1;

  // `rows` names what the server answers with; `fill` puts one of them into its option.
  constructor(dialog, url, { rows, fill, unreachable }) {
    Object.assign(this, { dialog, url, rows, fill, unreachable });
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

  // What was picked, with the other fields of the dialog, or null.
  async pick() {
    this.chosen = null;
    const asking = ask(this.dialog);
    this.#search();
    const given = await asking;
    return given && this.chosen ? { ...given, row: this.chosen } : null;
  }

  async #search() {
    this.#asked += 1;
    const number = this.#asked;
    try {
      const answer = await getJSON(`${this.url}?q=${encodeURIComponent(this.box.value)}`);
      if (number === this.#asked) this.#show(answer[this.rows]);
    } catch {
      this.status.textContent = this.unreachable;
    }
  }

  #show(rows) {
    this.#rows = rows;
    this.list.replaceChildren(...rows.map((row, index) => this.#option(row, index)));
    this.list.hidden = rows.length === 0;
    this.box.setAttribute("aria-expanded", String(rows.length > 0));
    const { found, none } = this.dialog.dataset;
    this.status.textContent = rows.length ? found.replace("{count}", rows.length) : none;
    this.#activate(rows.length ? 0 : -1);
  }

  #option(row, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    this.fill(option, row);
    return option;
  }

  #move(event) {
    const last = this.#rows.length - 1;
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
    this.chosen = this.#rows[index];
    this.dialog.close("pick");
  }
}

// Says every few seconds that the page is open, and shows who else has it open.

const EVERY = 15_000; // milliseconds
const AWAY = 240_000; // a page that nobody has looked at for so long says nothing more

export class Presence {
  #known = null; // when each of the others came, by id: "" for who was here before
  #hiddenAt = null;

  constructor(element, token) {
    Object.assign(this, { element, token, texts: element.dataset });
    setInterval(() => this.#sign(), EVERY);
    document.addEventListener("visibilitychange", () => {
      this.#hiddenAt = document.hidden ? Date.now() : null;
      if (!document.hidden) this.#sign();
    });
    addEventListener("pagehide", () => this.#send("DELETE", { keepalive: true }).catch(() => {}));
    addEventListener("pageshow", (event) => event.persisted && this.#sign());
    this.#sign();
  }

  async #sign() {
    if (this.#hiddenAt !== null && Date.now() - this.#hiddenAt > AWAY) return;
    try {
      const response = await this.#send("POST");
      if (response.ok) this.#show(await response.json());
    } catch {
      // Whoever types is told by the autosave that the server does not answer.
    }
  }

  #send(method, options = {}) {
    return fetch(this.texts.url, { method, headers: { "X-CSRFToken": this.token }, ...options });
  }

  #show({ others, now }) {
    const came = this.#known;
    this.#known = new Map(others.map(({ id }) => [id, came ? (came.get(id) ?? now) : ""]));
    const words = others.map(({ id, name }) => {
      const since = this.#known.get(id);
      const text = since ? this.texts.since : this.texts.before;
      return text.replace("{name}", () => name).replace("{time}", () => since);
    });
    const text = words.length ? `${this.texts.with} ${words.join(", ")}` : "";
    if (this.element.textContent.trim() === text) return;
    const shown = document.createElement("p");
    shown.textContent = text;
    this.element.replaceChildren(...(text ? [shown] : []));
  }
}

// Keeps what is typed every few seconds on the server, and offers it back after the browser was closed.

const EVERY = 4000; // milliseconds
const OWN = (field) => field.name && !/^(csrfmiddlewaretoken|based_on|_.*|contributions-.*)$/.test(field.name);

function labelOf(field) {
  return field.classList.contains("admin-autocomplete") ? (field.selectedOptions[0]?.text ?? "") : "";
}

export class Autosave {
  #kept = "";
  #paused = false;
  #stopped = new AbortController();

  // `setBody` puts another body where it is written.
  constructor({ form, url, token, offer, status, texts, setBody }) {
    Object.assign(this, { form, url, token, offer, status, texts, setBody });
    this.#kept = JSON.stringify(this.#content());
    form.addEventListener("submit", () => this.#stopped.abort());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keep());
    setInterval(() => this.#keep(), EVERY);
    this.#offerBack();
  }

  #fields() {
    return [...this.form.elements].filter((field) => OWN(field) && field.type !== "file" && field.type !== "submit");
  }

  #content() {
    const content = {};
    for (const field of this.#fields()) {
      if (field.type === "checkbox" && !field.checked) continue;
      content[field.name] = field.value;
      if (labelOf(field)) content[`${field.name}__label`] = labelOf(field);
    }
    return content;
  }

  async #keep() {
    const content = this.#content();
    const text = JSON.stringify(content);
    if (this.#paused || text === this.#kept || this.#stopped.signal.aborted) return;
    const basedOn = Number(this.form.elements.based_on.value) || null;
    try {
      const response = await this.#send("POST", JSON.stringify({ based_on: basedOn, content }));
      const { at } = await response.json();
      this.#kept = text;
      this.status.textContent = this.texts.kept.replace("{time}", at);
      this.status.classList.remove("writing-trouble");
    } catch {
      if (this.#stopped.signal.aborted) return;
      this.status.textContent = this.texts.lost;
      this.status.classList.add("writing-trouble");
    }
  }

  async #send(method, body) {
    const headers = { "X-CSRFToken": this.token, "Content-Type": "application/json" };
    const { signal } = this.#stopped;
    const response = await fetch(this.url, { method, body, headers, signal });
    if (!response.ok) throw new Error(`${response.status}`);
    return response;
  }

  async #offerBack() {
    this.#paused = true;
    let kept = null;
    try {
      const response = await this.#send("GET");
      kept = (await response.json()).autosave;
    } catch {
      // What cannot be asked for cannot be offered; the next attempt to keep says so.
    }
    const differs = kept && Object.entries(kept.content).some(([name, value]) => this.#differs(name, value));
    if (differs) this.#show(kept);
    else this.#paused = false;
  }

  #differs(name, value) {
    const field = this.form.elements[name];
    return field && value !== field.value;
  }

  #show(kept) {
    const { offer } = this;
    const basedOn = Number(this.form.elements.based_on.value) || null;
    offer.querySelector("[data-offer=at]").textContent = kept.at;
    offer.querySelector("[data-offer=older]").hidden = kept.based_on === basedOn;
    offer.hidden = false;
    offer.querySelector("[data-offer=restore]").addEventListener("click", () => {
      this.#restore(kept.content);
      this.#decided();
    });
    offer.querySelector("[data-offer=drop]").addEventListener("click", async () => {
      try {
        await this.#send("DELETE");
        this.#decided();
      } catch {
        this.status.textContent = this.texts.lost;
      }
    });
  }

  #decided() {
    this.offer.hidden = true;
    this.#paused = false;
    this.form.elements.title.focus();
  }

  #restore(content) {
    for (const [name, value] of Object.entries(content)) {
      const field = this.form.elements[name];
      if (!field || name.endsWith("__label")) continue;
      if (name === "body") {
        this.setBody(value);
        continue;
      }
      const label = content[`${name}__label`];
      if (label && ![...field.options].some((option) => option.value === value)) field.add(new Option(label, value));
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
      // Autocompletes are jQuery's and hear its events only.
      window.django?.jQuery(field).trigger("change");
    }
  }
}

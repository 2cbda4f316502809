// What the server has told of passages or photos, by key; who shows them is told when it changes.

export class Known {
  #known = new Map();
  #shown = new Set();

  get(key) {
    return this.#known.get(key);
  }

  learn(found, unknown = []) {
    for (const one of found) this.#known.set(one.key, one);
    for (const key of unknown) this.#known.set(key, { key, missing: true });
    for (const one of this.#shown) one.show();
  }

  follow(one) {
    this.#shown.add(one);
    return () => this.#shown.delete(one);
  }
}

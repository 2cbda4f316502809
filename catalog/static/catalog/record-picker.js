/* A text box that finds records by their names (ARIA combobox with a list). The chosen one is named in the
   hidden field beside it; the event "record-picked" tells which, or that there is none any more. */

const WAIT = 200; // milliseconds after the last key

function enhance(picker) {
  const box = picker.querySelector("[role=combobox]");
  const list = picker.querySelector("[role=listbox]");
  const chosen = picker.querySelector("input[type=hidden]");
  const status = picker.querySelector("[role=status]");
  let timer = 0;
  let asking = null;

  function tell(ref) {
    if (chosen.value === ref) return;
    chosen.value = ref;
    picker.dispatchEvent(new CustomEvent("record-picked", { bubbles: true, detail: { ref } }));
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function activate(option) {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    if (!option) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const { ref } = option.dataset;
    box.value = option.textContent;
    close();
    status.textContent = "";
    tell(ref);
  }

  function offer(records) {
    list.replaceChildren(
      ...records.map(({ ref, label }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.role = "option";
        option.dataset.ref = ref;
        option.textContent = label;
        return option;
      }),
    );
    const { foundNone, foundOne, foundMany } = picker.dataset;
    const count = records.length;
    const found = count === 1 ? foundOne : foundMany.replace("{count}", count);
    status.textContent = count === 0 ? foundNone : found;
    list.hidden = count === 0;
    box.setAttribute("aria-expanded", String(count > 0));
    activate(list.firstElementChild);
  }

  async function ask() {
    asking?.abort();
    const term = box.value.trim();
    if (!term) {
      status.textContent = "";
      return close();
    }
    asking = new AbortController();
    const { signal } = asking;
    try {
      const address = `${picker.dataset.recordPicker}?${new URLSearchParams({ q: term })}`;
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { records } = await answer.json();
      if (!signal.aborted) offer(records);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = picker.dataset.failed;
    }
  }

  const active = () => list.querySelector('[aria-selected="true"]');
  const keys = {
    ArrowDown: () => activate(active()?.nextElementSibling ?? list.firstElementChild),
    ArrowUp: () => activate(active()?.previousElementSibling ?? list.lastElementChild),
    Enter: () => active() && choose(active()),
    Escape: close,
  };

  box.addEventListener("input", () => {
    tell("");
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) {
      if (event.key === "ArrowDown" && !chosen.value) {
        event.preventDefault();
        ask();
      }
      return;
    }
    if (!(event.key in keys)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  box.addEventListener("blur", close);
  // Pressing an option must not take the focus from the box.
  for (const press of ["pointerdown", "mousedown"]) {
    list.addEventListener(press, (event) => event.preventDefault());
  }
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

for (const picker of document.querySelectorAll("[data-record-picker]")) enhance(picker);

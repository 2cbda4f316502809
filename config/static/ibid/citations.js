/* A marker opens its note beside the text. Without this module it is a plain link to the footnote. */

const GAP = 8;
const MARGIN_FROM = 1280;
const template = document.getElementById("note-template");
let open = null;

function noteOf(marker) {
  return document.getElementById(marker.hash.slice(1));
}

function fill(card, marker, note) {
  const body = note.querySelector("[data-note-body]").cloneNode(true);
  body.removeAttribute("data-note-body");
  for (const part of body.querySelectorAll("[id]")) part.removeAttribute("id");
  card.querySelector(".note-card-body").append(body);
  if (marker.dataset.voices) {
    const voices = document.createElement("p");
    voices.className = "note-voices";
    voices.textContent = marker.dataset.voices;
    card.querySelector(".note-card-body").append(voices);
  }
  card.querySelector("[data-to=footnote]").href = marker.hash;
  card.querySelector("[data-to=passage]").href = body.querySelector(".note-source a").href;
  const report = card.querySelector("[data-to=report]");
  const form = note.querySelector(".note-report a");
  /* The number of the use names the sentence that the reader is at. */
  if (form) report.href = `${form.href}&use=${marker.id.split("-")[2]}`;
  else report.remove();
  card.setAttribute("aria-label", marker.getAttribute("aria-label"));
}

/* In page coordinates, so that the card scrolls with its sentence and never sticks out sideways. */
function place(card, marker) {
  const at = marker.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const block = marker.closest("[data-margin-notes] > :not(.embed)");
  let left = at.left + at.width / 2 - card.offsetWidth / 2;
  let top = at.bottom + GAP;
  if (block && innerWidth >= MARGIN_FROM) {
    left = block.getBoundingClientRect().right + 4 * GAP;
    top = at.top - 2 * GAP;
  } else if (top + card.offsetHeight > clientHeight && at.top - GAP > card.offsetHeight) {
    top = at.top - GAP - card.offsetHeight;
  }
  left = Math.max(2 * GAP, Math.min(left, clientWidth - card.offsetWidth - 2 * GAP));
  card.style.setProperty("--note-left", `${Math.round(left + scrollX)}px`);
  card.style.setProperty("--note-top", `${Math.round(top + scrollY)}px`);
}

function show(marker) {
  const note = noteOf(marker);
  const card = template.content.firstElementChild.cloneNode(true);
  fill(card, marker, note);
  card.id = `card-${marker.id}`;
  card.tabIndex = -1;
  /* Behind its marker in the order of the page, so that Tab goes from the card back into the text. */
  marker.parentElement.after(card);
  marker.setAttribute("aria-controls", card.id);
  marker.setAttribute("aria-expanded", "true");
  /* What the marker says changes with the card, not in a later task: the next key may already open another. */
  card.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed") close(card, marker);
  });
  card.addEventListener("toggle", (event) => {
    if (event.newState === "closed") remove(card, marker);
  });
  card.querySelector(".note-card-close").addEventListener("click", () => {
    card.hidePopover();
    marker.focus();
  });
  card.querySelector("[data-to=footnote]").addEventListener("click", () => card.hidePopover());
  /* Nothing that has the focus may lie under the card. */
  card.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next && next !== marker && !card.contains(next)) card.hidePopover();
  });
  card.showPopover();
  place(card, marker);
  card.focus({ preventScroll: true });
  open = { card, marker };
  /* Whoever leaves for the source comes back to this sentence. */
  history.replaceState(history.state, "", `#${marker.id}`);
}

function close(card, marker) {
  if (open?.card === card) open = null;
  card.removeAttribute("id");
  marker.setAttribute("aria-expanded", "false");
  marker.removeAttribute("aria-controls");
}

function remove(card, marker) {
  const within = card.contains(document.activeElement);
  card.remove();
  if (within) marker.focus({ preventScroll: true });
}

function onClick(event) {
  const marker = event.target.closest?.("a[data-note]");
  if (!marker || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (!noteOf(marker)) return;
  event.preventDefault();
  if (marker.getAttribute("aria-expanded") !== "true") show(marker);
}

if (template && "popover" in HTMLElement.prototype) {
  for (const marker of document.querySelectorAll("a[data-note]")) {
    marker.setAttribute("aria-haspopup", "dialog");
    marker.setAttribute("aria-expanded", "false");
  }
  document.addEventListener("click", onClick);
  addEventListener("resize", () => open && place(open.card, open.marker));
}

/* Keeps the progress of an import up to date; without it the page loads itself anew. */
const PAUSE = 1000;

const section = document.querySelector("[data-progress]");
const state = section.querySelector("progress");
const words = section.querySelector("[role=status]");

async function look() {
  try {
    const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    if (!told.is_running) {
      window.location.reload();
      return;
    }
    if (told.rows && told.done) {
      state.max = told.rows;
      state.value = told.done;
    } else {
      state.removeAttribute("value");
    }
    if (words.textContent !== told.words) words.textContent = told.words;
  } catch {
    // The site may be away for a moment: the next look asks again.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);

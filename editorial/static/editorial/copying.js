// A button with `data-copy` copies the words of the element with that id. Without this module it stays hidden,
// and people select the words themselves.

const SAID_FOR = 2000; // milliseconds

async function copy(button) {
  const words = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(words.textContent.trim());
  } catch {
    // Not allowed, or not over https: leave the words selected, one key away from being copied.
    getSelection().selectAllChildren(words);
    return;
  }
  const status = document.querySelector("[data-copy-status]");
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  if (status) status.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = label;
    if (status) status.textContent = "";
  }, SAID_FOR);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

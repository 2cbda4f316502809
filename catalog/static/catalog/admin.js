// Autocompletes take the place of selects and leave their names behind: give each the name of its field.

function nameAutocompletes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.parentElement.querySelector('.select2-selection[role="combobox"]');
    const name = select.getAttribute("aria-label") ?? select.labels[0]?.textContent.replace(/:$/, "").trim();
    if (!box || !name || box.id) continue;
    const chosen = box.querySelector(".select2-selection__rendered");
    chosen.removeAttribute("role"); // it says “textbox”, but nobody can write in it
    chosen.removeAttribute("aria-readonly");
    box.id = `${select.id}-box`;
    box.setAttribute("aria-label", name);
    box.setAttribute("aria-labelledby", `${box.id} ${chosen.id}`);
  }
}

// They appear when Django's own script has run, and again with each row that is added.
new MutationObserver(nameAutocompletes).observe(document.body, { childList: true, subtree: true });
nameAutocompletes();

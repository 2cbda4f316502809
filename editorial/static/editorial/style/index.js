// What is chosen is shown at once, without leaving the form. Without this, its button does it.
const form = document.querySelector(".style-form");
const stage = document.querySelector(".style-stage");

form.addEventListener("change", () => {
  const chosen = new FormData(form);
  const query = new URLSearchParams([...chosen].filter(([, value]) => value));
  stage.removeAttribute("style"); // a width that was drawn by hand
  stage.dataset.width = chosen.get("width");
  stage.querySelector("iframe").contentWindow.location.replace(`${form.dataset.frame}?${query}`);
  history.replaceState(null, "", `?${query}`);
});

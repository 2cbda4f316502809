// Examples lead nowhere: of their links only those within the page work, and their forms are not sent.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
});
document.addEventListener("submit", (event) => event.preventDefault());

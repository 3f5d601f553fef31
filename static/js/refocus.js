// static/js/refocus.js: a link that asked for new results disappears with the old ones; the keyboard
// goes on from the results (`data-refocus`), not from the top of the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement === document.body) event.target.querySelector("[data-refocus]")?.focus()
})

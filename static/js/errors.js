// static/js/errors.js: after a refused form, the keyboard starts at the summary of what to correct.
const focusSummary = (root) => root.querySelector("[data-errors]")?.focus()

focusSummary(document)
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target))

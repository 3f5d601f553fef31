// static/js/errors.js: after a refused form, the keyboard starts at the summary of what to correct.
// A summary inside `data-sample` is an example of the gallery: it takes nothing.
const focusSummary = (root) => root.querySelector("[data-errors]:not([data-sample] *)")?.focus()

focusSummary(document)
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target))

// static/js/errors.js: after a refused form, the keyboard starts at the summary of what to correct,
// and a field that is filled in again is no longer said to be wrong.
// A summary inside `data-sample` is an example of the gallery: it takes nothing.
const focusSummary = (root) => root.querySelector("[data-errors]:not([data-sample] *)")?.focus()

focusSummary(document)
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target))

document.addEventListener("input", (event) => {
  const field = event.target.closest(".cx-field")
  const errors = field?.querySelector(".cx-field__errors")
  if (!errors) return
  errors.remove()
  field.classList.remove(...[...field.classList].filter((name) => name.endsWith("--error")))
  for (const each of [field, ...field.querySelectorAll("[aria-describedby], [aria-invalid]")]) {
    each.removeAttribute("aria-invalid")
    const ids = (each.getAttribute("aria-describedby") ?? "").split(" ")
    const left = ids.filter((id) => id && id !== errors.id).join(" ")
    if (left) each.setAttribute("aria-describedby", left)
    else each.removeAttribute("aria-describedby")
  }
})

// static/js/once.js: a form `data-once` leaves once; its button says that the answer is awaited.
const wait = (button) => {
  if (!button) return
  button.setAttribute("aria-disabled", "true")
  if (button.dataset.busy) {
    button.dataset.label = button.textContent
    button.textContent = button.dataset.busy
  }
}

const forgetWaiting = (form) => {
  delete form.dataset.sent
  // Its own buttons, those that stand outside of it included.
  for (const button of form.elements) {
    if (button.ariaDisabled !== "true") continue
    button.removeAttribute("aria-disabled")
    if (button.dataset.label) button.textContent = button.dataset.label
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented || !("once" in form.dataset)) return
  if ("sent" in form.dataset) {
    event.preventDefault()
    return
  }
  form.dataset.sent = ""
  // Not before the browser has read the form: a disabled or renamed button would not be sent.
  setTimeout(() => wait(event.submitter))
})

// The Back button brings the page as it was left; a failed exchange leaves the page in place.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once][data-sent]").forEach(forgetWaiting)
})
// Its own exchange, not one that happens beside it: the form may still be on its way.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form[data-once][data-sent]")) forgetWaiting(event.target)
})

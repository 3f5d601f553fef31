// static/js/file-answer.js: a form answered by a file leaves its page in place. `[data-file-answer]`
// inside it says so, then the form may be sent again: once.js alone would hold it for good.
const PAUSE = 4000

for (const status of document.querySelectorAll("[data-file-answer]")) {
  const form = status.closest("form")
  form.addEventListener("submit", () => {
    status.textContent = ""
    setTimeout(() => {
      status.textContent = status.dataset.fileAnswer
      delete form.dataset.sent
      for (const button of form.querySelectorAll('[aria-disabled="true"]')) button.removeAttribute("aria-disabled")
    }, PAUSE)
  })
}

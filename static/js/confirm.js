// static/js/confirm.js: ask before a form that cannot be undone.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm
  if (question && !window.confirm(question)) {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
}, true)

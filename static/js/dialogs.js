// static/js/dialogs.js: `data-opens="id"` opens a window, `data-closes` closes the one it is in.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]")
  if (opener) {
    event.preventDefault()
    document.getElementById(opener.dataset.opens).showModal()
  }
  event.target.closest("[data-closes]")?.closest("dialog").close()
})

// static/js/announce.js: after a partial update, what carries `data-announce` is read aloud by
// the one live region that was there when the page loaded.
const region = document.getElementById("annonces")

document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.matches("[data-announce]")
    ? event.target
    : event.target.querySelector("[data-announce]")
  if (said) region.textContent = said.dataset.announce || said.textContent
})

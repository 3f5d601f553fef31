// static/js/decisions.js: a decision that asks for something opens with the keyboard already in it;
// Escape gives the keyboard back (js/menus.js closes it). A refusal of the server is drawn too: it
// is a whole page, whatever its status.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details[data-decision][open]")) return
  event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus()
}, true)

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader("X-Session-Over")) return
  event.detail.shouldSwap = xhr.responseText.includes('id="contenu"')
})

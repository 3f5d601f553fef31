// static/js/decisions.js: a decision that asks for something opens with the keyboard already in it;
// Escape gives the keyboard back (js/menus.js closes it). As long as it is open, the key of a choice
// ticks it: « B » then « 3 », or its `data-key` where the page numbers the choices, wherever the
// keyboard is but in words. A refusal of the server is drawn
// too: it is a whole page, whatever its status, whose errors have the keyboard.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details[data-decision][open]")) return
  event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus()
}, true)

const isTyping = (element) => element.matches("textarea, select, input:not([type=checkbox], [type=radio])")

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const isChoosing = event.target.matches("details[data-decision] input[type=radio]")
  const isOff = document.body.dataset.shortcuts === "off"
  if (!isChoosing && (isOff || isTyping(event.target) || document.querySelector("dialog[open]"))) return
  const typed = event.key.toUpperCase()
  const choices = [...document.querySelectorAll("details[data-decision][open] input[type=radio]")]
  const choice = choices.find(({ dataset, value }) => (dataset.key ?? value) === typed)
  if (!choice && isChoosing && ["reason", "original"].includes(event.target.name) && /^\p{L}$/u.test(event.key)) {
    // Words begin: they are written where words go.
    event.stopPropagation()
    return event.target.form.querySelector("input[type=text]")?.focus()
  }
  if (!choice) return
  event.preventDefault()
  event.stopPropagation()
  choice.focus()
  choice.click()
}, true)

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader("X-Session-Over")) return
  event.detail.shouldSwap = xhr.responseText.includes('id="contenu"')
})

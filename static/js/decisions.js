// static/js/decisions.js: a decision that asks for something opens with the keyboard already in it;
// Escape gives the keyboard back (js/menus.js closes it). In its choices, the key of a choice ticks
// it: « B » then « 3 ». A refusal of the server is drawn too: it is a whole page, whatever its
// status.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details[data-decision][open]")) return
  event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus()
}, true)

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (!event.target.matches("details[data-decision] input[type=radio]")) return
  const typed = event.key.toUpperCase()
  const choice = [...event.target.form.querySelectorAll("input[type=radio]")].find(({ value }) => value === typed)
  if (!choice && event.target.name === "reason" && /^\p{L}$/u.test(event.key)) {
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

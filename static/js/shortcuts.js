// static/js/shortcuts.js: single keys on whatever carries `data-shortcut="v"` (or "g t", two keys
// in a row), and the window that tells them: whatever answers in this page, and nothing else. Silent while typing, in a window, with a modifier, and when the member says so.
// Ctrl+Enter sends the form one is in: that one is always on, since it needs a modifier.
const off = document.body.dataset.shortcuts === "off"
const help = document.getElementById("aide-raccourcis")
const PAUSE = 1200
const BRIEF = 350

const isTyping = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])")

const isShown = (element) => element.checkVisibility?.() ?? true

const targets = () => [...document.querySelectorAll("[data-shortcut]")].filter(isShown)

const words = (element) => {
  if (element.dataset.shortcutLabel) return element.dataset.shortcutLabel
  const copy = element.cloneNode(true)
  for (const part of copy.querySelectorAll("kbd, .cx-count")) part.remove()
  return copy.textContent.trim()
}

const use = (element) => {
  if (element.matches("input:not([type=checkbox]), textarea")) {
    element.focus()
    element.select()
  } else element.click()
}

// A key that decides nothing here says why, in the live region, where the page knows it.
const tellWhyNot = (key) => {
  const told = document.querySelector(`[data-silent-key="${CSS.escape(key)}"]`)
  if (told) document.getElementById("annonces").textContent = told.textContent
}

const line = ([keys, label]) => {
  const term = document.createElement("dt")
  for (const part of keys.split(" ")) {
    const key = document.createElement("kbd")
    key.className = "cx-key"
    key.textContent = part
    term.append(key)
  }
  const value = document.createElement("dd")
  value.textContent = label
  return [term, value]
}

const fillHelp = () => {
  const list = help.querySelector("[data-shortcut-list]")
  const seen = new Map(off ? [] : targets().map((element) => [element.dataset.shortcut, words(element)]))
  for (const { dataset } of help.querySelectorAll("[data-key]")) {
    if (document.querySelector(dataset.where)) seen.set(dataset.key, dataset.label)
  }
  list.replaceChildren(...[...seen].flatMap(line))
  help.querySelector("[data-shortcuts-off]").hidden = !off
}

if (help) {
  let before = ""
  let waiting = null
  let clock = 0
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-opens="aide-raccourcis"]')) fillHelp()
  }, true)

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form")
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault()
      // A form of several parts, each with its button, sends the part one is in.
      form.requestSubmit(event.target.closest("[data-part]")?.querySelector("[type=submit]") ?? null)
      return
    }
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return
    const typed = event.key.toLowerCase()
    const known = targets()
    const find = (keys) => known.find((element) => element.dataset.shortcut === keys)
    const pair = before && find(`${before} ${typed}`)
    const single = find(typed)
    const held = waiting
    clearTimeout(clock)
    before = ""
    waiting = null
    if (pair) {
      event.preventDefault()
      return use(pair)
    }
    held?.()
    if (single) event.preventDefault()
    if (known.some((each) => each.dataset.shortcut.startsWith(`${typed} `))) {
      // "g" alone, or the beginning of "g l": the next key, or a short silence, says which.
      before = typed
      waiting = single ? () => use(single) : null
      clock = setTimeout(() => {
        before = ""
        waiting?.()
        waiting = null
      }, single ? BRIEF : PAUSE)
    } else if (single) use(single)
    else tellWhyNot(typed)
  })
}

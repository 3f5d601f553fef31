// static/js/commune-picker.js: the text input inside `[data-commune-source]` proposes communes as
// one types. Without script the name is typed in full and the server finds it.
//
// The first proposal is marked as soon as they are drawn: Enter and Tab take the one that is marked,
// and the first « Down » enters the list, on that one.
//
// GET data-commune-source?q= answers {"communes": [{"label", "detail"}]}.
const PAUSE = 120

const pickFrom = (box) => {
  const input = box.querySelector("input[type=text]")
  const list = document.createElement("ul")
  let timer = 0
  let asked = ""
  let isInside = false

  list.id = `${input.id}_propositions`
  list.className = "cx-picker"
  list.role = "listbox"
  list.ariaLabel = "Communes proposées"
  list.hidden = true
  input.after(list)
  input.role = "combobox"
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", list.id)
  input.ariaExpanded = "false"

  const options = () => [...list.children]
  const current = () => options().findIndex((option) => option.ariaSelected === "true")

  const close = () => {
    list.hidden = true
    input.ariaExpanded = "false"
    input.removeAttribute("aria-activedescendant")
  }

  const mark = (index) => {
    for (const [place, option] of options().entries()) option.ariaSelected = String(place === index)
    const option = options()[index]
    if (!option) return input.removeAttribute("aria-activedescendant")
    input.setAttribute("aria-activedescendant", option.id)
    option.scrollIntoView({ block: "nearest" })
  }

  const take = (option) => {
    input.value = option.dataset.label
    asked = input.value
    close()
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  const draw = (communes) => {
    list.replaceChildren(...communes.map(({ label, detail }, index) => {
      const option = document.createElement("li")
      const more = document.createElement("span")
      option.id = `${list.id}_${index}`
      option.role = "option"
      option.ariaSelected = "false"
      option.dataset.label = label
      more.className = "cx-mention"
      more.textContent = detail
      option.append(label, more)
      return option
    }))
    list.hidden = !communes.length
    input.ariaExpanded = String(!list.hidden)
    isInside = false
    if (communes.length) mark(0)
  }

  const ask = async () => {
    const typed = input.value.trim()
    if (typed === asked) return
    asked = typed
    if (typed.length < 2) return close()
    try {
      const answer = await fetch(`${box.dataset.communeSource}?q=${encodeURIComponent(typed)}`, { redirect: "manual" })
      if (!answer.ok || typed !== input.value.trim() || document.activeElement !== input) return
      draw((await answer.json()).communes)
    } catch {
      close() // the name will be found by the server when the form is sent
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  })

  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || event.altKey) return
    const count = options().length
    const next = isInside ? (current() + 1) % count : current()
    const moves = { ArrowDown: next, ArrowUp: (current() - 1 + count) % count }
    // Tab takes it and goes on to the next field.
    if (event.key === "Tab" && !event.shiftKey) return take(options()[current()])
    if (event.key in moves) {
      isInside = true
      mark(moves[event.key])
    } else if (event.key === "Enter") take(options()[current()])
    else if (event.key === "Escape") close()
    else return
    event.preventDefault()
  })

  // A press of the mouse takes the focus away before the click: the choice is made on the press.
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]")
    if (option) {
      event.preventDefault()
      take(option)
    }
  })

  input.addEventListener("blur", () => {
    clearTimeout(timer)
    close()
  })
}

const pickIn = (root) => {
  for (const box of root.querySelectorAll("[data-commune-source]:not([data-picks])")) {
    box.dataset.picks = ""
    pickFrom(box)
  }
}

pickIn(document)
document.addEventListener("htmx:load", (event) => pickIn(event.detail.elt))

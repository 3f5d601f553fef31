// static/js/proposals.js: what a text says for a field still empty is shown beside it. The part
// `data-proposes="a b"` holds boxes for the inputs of those names: ticking one, or ↓ in the first
// empty input, fills them with its value (« for a|for b »). Nothing is filled otherwise, and nothing
// is shown once one of them says something. Without script the box is sent, and the server fills.
const parts = (form) => [...form.querySelectorAll("[data-proposes]")]
const inputs = (part) => part.dataset.proposes.split(" ").map((name) => part.closest("form").elements[name])
const isSaid = (input) => (input.type === "checkbox" ? input.checked : input.value.trim() !== "")

const show = (form) => {
  for (const part of parts(form)) part.hidden = inputs(part).some(isSaid)
}

const take = (part, box) => {
  const into = inputs(part)
  box.checked = false
  if (into.some(isSaid)) return
  const values = box.value.split("|")
  for (const [place, value] of values.entries()) into[place].value = value
  into[0].focus() // the box is no longer shown
  for (const place of values.keys()) into[place].dispatchEvent(new Event("change", { bubbles: true }))
}

document.addEventListener("change", ({ target }) => {
  const part = target.closest("[data-proposes]")
  if (part) take(part, target)
  else if (target.form) show(target.form)
})

document.addEventListener("input", ({ target }) => {
  if (target.form) show(target.form)
})

document.addEventListener("keydown", (event) => {
  const { key, target } = event
  if (key !== "ArrowDown" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (!target.matches("input[type=text]") || !target.form) return
  const part = parts(target.form).find((each) => !each.hidden && inputs(each)[0] === target)
  const box = part?.querySelector("input")
  if (!box) return
  event.preventDefault()
  take(part, box)
})

// static/js/findings.js: boxes drawn for what a text holds, in a part that is drawn again while one
// types. `data-keeps-ticks`: what was ticked while the answer was on its way stays ticked, what was
// unticked stays unticked. `data-tick-all`: ticks everything shown, but what holds one answer only
// (`data-only-one`, a name for it) when several are shown: that is chosen by hand.
const boxes = (part) => [...part.querySelectorAll("input[type=checkbox]")]
const key = ({ name, value }) => `${name}|${value}`
let kept = new Map()

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (!target.matches("[data-keeps-ticks]")) return
  kept = new Map(boxes(target).map((box) => [key(box), box.checked]))
})

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (!target.matches("[data-keeps-ticks]")) return
  for (const box of boxes(target)) box.checked = kept.get(key(box)) ?? box.checked
})

const tickAll = (part) => {
  const shown = boxes(part)
  const isToChoose = ({ dataset: { onlyOne } }) =>
    onlyOne && shown.filter((other) => other.dataset.onlyOne === onlyOne).length > 1
  for (const box of shown) box.checked ||= !isToChoose(box)
  part.dispatchEvent(new Event("change", { bubbles: true }))
  const count = shown.filter((box) => box.checked).length
  document.getElementById("annonces").textContent = `Cochés : ${count} sur ${shown.length}.`
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-tick-all]")) tickAll(target.closest("fieldset"))
})

// static/js/select-all.js: a box `data-select-all="name"` ticks every box of that name, and shows
// where a part of them is ticked. What was ticked stays so when the page is partly replaced.
const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)]
const all = () => document.querySelector("[data-select-all]")
let ticked = new Set()

const show = () => {
  const box = all()
  if (!box) return
  box.closest("[hidden]")?.removeAttribute("hidden")
  const found = boxes(box.dataset.selectAll)
  const count = found.filter((each) => each.checked).length
  box.checked = count > 0 && count === found.length
  box.indeterminate = count > 0 && count < found.length
}

show()
document.addEventListener("change", (event) => {
  const box = all()
  if (!box) return
  if (event.target === box) for (const each of boxes(box.dataset.selectAll)) each.checked = box.checked
  if (event.target === box || event.target.name === box.dataset.selectAll) show()
})
document.addEventListener("htmx:beforeSwap", () => {
  const box = all()
  ticked = new Set(box ? boxes(box.dataset.selectAll).filter((each) => each.checked).map((each) => each.value) : [])
})
document.addEventListener("htmx:afterSettle", () => {
  const box = all()
  if (box) for (const each of boxes(box.dataset.selectAll)) each.checked ||= ticked.has(each.value)
  show()
})

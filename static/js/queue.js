// static/js/queue.js: j and k go down and up the queue; the open item stays in sight, and the queue
// where it was scrolled to. The queue is looked for each time: a partial update replaces it.
const queue = () => document.querySelector("[data-queue]")
const ENDS = { j: "Dernière fiche de cette page de la file.", k: "Première fiche de cette page de la file." }
let scrolled = 0

const show = () => {
  const list = queue()
  if (!list) return
  list.scrollTop = scrolled
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" })
}

const isTyping = (element) => element.isContentEditable || element.matches("input:not([type=checkbox]), textarea, select")

show()
document.addEventListener("htmx:beforeSwap", () => { scrolled = queue()?.scrollTop ?? 0 })
document.addEventListener("htmx:afterSettle", show)

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key]
  if (!step || !queue() || document.body.dataset.shortcuts === "off" || isTyping(event.target)) return
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return
  const links = [...queue().querySelectorAll("a.cx-queue__item")]
  const current = links.findIndex((link) => link.hasAttribute("aria-current"))
  if (links[current + step]) return links[current + step].click()
  document.getElementById("annonces").textContent = ENDS[event.key]
})

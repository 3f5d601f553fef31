// static/js/queue.js: j and k go down and up the queue; the open item stays in sight.
const queue = document.querySelector("[data-queue]")

const show = () =>
  queue.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" })

const isTyping = (element) => element.isContentEditable || element.matches("input, textarea, select")

if (queue) {
  show()
  document.addEventListener("htmx:afterSettle", show)
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.shortcuts === "off" || isTyping(event.target)) return
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return
    const step = { j: 1, k: -1 }[event.key]
    if (!step) return
    const links = [...queue.querySelectorAll("a[href]")]
    const current = links.findIndex((link) => link.hasAttribute("aria-current"))
    links[current + step]?.click()
  })
}

// static/js/queue.js: what follows the open item of the queue has the key j, what comes before it the
// key k (js/shortcuts.js uses and tells them); the open item stays in sight, and the queue where it
// was scrolled to. The queue is looked for each time: a partial update replaces it.
const queue = () => document.querySelector("[data-queue]")
let scrolled = 0

const give = (link, key, label) => {
  if (link) Object.assign(link.dataset, { shortcut: key, shortcutLabel: label })
}

const show = () => {
  const list = queue()
  if (!list) return
  list.scrollTop = scrolled
  const links = [...list.querySelectorAll("a.cx-queue__item")]
  const current = links.findIndex((link) => link.hasAttribute("aria-current"))
  links[current]?.scrollIntoView({ block: "nearest" })
  give(links[current + 1], "j", list.dataset.next)
  give(links[current - 1], "k", list.dataset.previous)
}

show()
document.addEventListener("htmx:beforeSwap", () => { scrolled = queue()?.scrollTop ?? 0 })
// At once: a key pressed as soon as the next item is there finds it.
document.addEventListener("htmx:afterSwap", show)

// static/js/menus.js: a `<details data-menu>` closes on Escape, on a click elsewhere, and when
// another one opens.
const openMenus = () => document.querySelectorAll("details[data-menu][open]")

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of openMenus()) {
    menu.open = false
    menu.querySelector("summary").focus()
  }
})

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches("details[data-menu][open]")) return
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false
  },
  true,
)

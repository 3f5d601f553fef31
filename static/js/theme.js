// static/js/theme.js: light, dark or as the system. Runs before the page is drawn, so that a dark
// screen never flashes white; keeps one word in the browser, nothing else.
{
  const KEY = "cross-theme"
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)")
  const chosen = () => localStorage.getItem(KEY) || "system"

  const apply = () => {
    const dark = chosen() === "dark" || (chosen() === "system" && systemIsDark.matches)
    document.documentElement.dataset.frTheme = dark ? "dark" : "light"
  }

  apply()
  systemIsDark.addEventListener("change", apply)

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-theme-choice]")) {
      group.hidden = false
      for (const input of group.querySelectorAll("input")) input.checked = input.value === chosen()
      group.addEventListener("change", (event) => {
        localStorage.setItem(KEY, event.target.value)
        apply()
      })
    }
  })
}

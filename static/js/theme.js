// static/js/theme.js: light, dark or as the system. Runs before the page is drawn, so that a dark
// screen never flashes white; keeps one word in the browser, nothing else. In a cookie: the rest of
// what a browser keeps is cleared at the end of each session.
{
  const SECURE = location.protocol === "https:"
  const NAME = SECURE ? "__Host-theme" : "theme"
  const YEAR = 31_536_000
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)")
  const chosen = () => {
    const kept = document.cookie.split("; ").find((each) => each.startsWith(`${NAME}=`))
    return kept?.slice(NAME.length + 1) || "system"
  }
  const keep = (theme) => {
    const how = `Path=/; Max-Age=${YEAR}; SameSite=Strict${SECURE ? "; Secure" : ""}`
    document.cookie = `${NAME}=${theme}; ${how}`
  }

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
        keep(event.target.value)
        apply()
      })
    }
  })
}

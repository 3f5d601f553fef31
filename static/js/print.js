// static/js/print.js: a sheet opened by its print button (`data-print`) is printed at once, and its
// address goes back to that of the sheet: reloading does not print again.
if (document.querySelector("[data-print]")) {
  history.replaceState(null, "", location.pathname)
  window.addEventListener("load", () => window.print())
}

// static/js/landed.js: an address that names a part of the page (`…#montants`) opens it there; what
// was just answered is brought beside that part, or it would stay above, out of sight.
const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
const answer = document.querySelector(".cx-messages")

if (part && answer) {
  // Below its top, where the browser is about to scroll.
  if (part.matches("li")) part.prepend(answer)
  else part.after(answer)
  part.scrollIntoView()
}

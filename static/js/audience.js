// static/js/audience.js: « Qui verra ceci ? » follows the boxes of `<fieldset data-audience>`.
const audience = document.querySelector("[data-audience]")

const labelOf = (input) => input.labels[0].textContent.trim()

const sentence = () => {
  const { own, everybody } = audience.dataset
  if (!audience.querySelector('[name="audience"][value="nommees"]').checked) return everybody
  const units = [...audience.querySelectorAll('[name="units"]:checked')].map(labelOf)
  if (!units.length) return `Votre unité (${own}), et celles que vous cocherez\u00a0: au moins une.`
  return `Votre unité (${own}) et ${units.length}\u00a0unité${units.length > 1 ? "s" : ""}\u00a0: ${units.join(", ")}.`
}

audience?.addEventListener("change", () => {
  audience.querySelector("[data-readers]").textContent = sentence()
})

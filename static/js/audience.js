// static/js/audience.js: « Qui verra ceci ? » follows the boxes of `<fieldset data-audience>`.
const audience = document.querySelector("[data-audience]")

const labelOf = (input) => input.labels[0].textContent.trim()

// The units ticked, by themselves or by a list: each list says under its box whom it names.
const named = () => {
  const units = [...audience.querySelectorAll('[name="units"]:checked')].map(labelOf)
  const hints = audience.querySelectorAll('[name="lists"]:checked + label .fr-hint-text')
  return [...new Set([...units, ...[...hints].flatMap((hint) => hint.textContent.trim().split(" · "))])]
}

const sentence = () => {
  const { own, everybody } = audience.dataset
  if (!audience.querySelector('[name="audience"][value="nommees"]').checked) return everybody
  const units = named()
  if (!units.length) return `Votre unité (${own}), et celles que vous cocherez\u00a0: au moins une.`
  return `Votre unité (${own}) et ${units.length}\u00a0unité${units.length > 1 ? "s" : ""}\u00a0: ${units.join(", ")}.`
}

audience?.addEventListener("change", () => {
  audience.querySelector("[data-readers]").textContent = sentence()
})

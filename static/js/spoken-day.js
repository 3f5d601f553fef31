// static/js/spoken-day.js: a day typed as « hier » or 17/09 in an `<input data-day>` becomes the date it
// means, said in full under it. The server knows what it means: GET data-day-source?q= answers
// {"value", "words"}, or {} when it means no day; then nothing changes and sending says why.
const source = document.querySelector("[data-day-source]")

const follow = (input) => {
  const said = document.createElement("p")
  said.className = "cx-mention"
  said.role = "status"
  input.after(said)

  input.addEventListener("input", () => { said.textContent = "" })
  input.addEventListener("change", async () => {
    const typed = input.value
    if (!typed.trim()) return
    const query = new URLSearchParams({ q: typed })
    if (input.dataset.day) query.set(input.dataset.day, "1")
    const answer = await fetch(`${source.dataset.daySource}?${query}`).catch(() => null)
    if (!answer?.ok || input.value !== typed) return
    const { value, words } = await answer.json()
    if (!words) return
    if (value !== typed) {
      // « hier » is another day tomorrow: the date is what is kept, and what is sent.
      input.value = value
      input.dispatchEvent(new Event("input", { bubbles: true }))
    }
    said.textContent = words
  })
}

if (source) for (const input of source.closest("form").querySelectorAll("[data-day]")) follow(input)

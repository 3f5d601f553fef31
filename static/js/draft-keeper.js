// static/js/draft-keeper.js: what is typed in `<form data-draft-url>` is kept on the server, never
// in the browser; and it is not sent into the void when the session is over.
//
// POST to data-draft-url with the fields (files left out) answers 2xx: kept.
const PAUSE = 3000
const clock = new Intl.DateTimeFormat("fr", { hour: "numeric", minute: "2-digit" })

const keepDrafts = (form) => {
  const status = form.querySelector("[data-draft-status]")
  let timer = 0
  let kept = null
  let keeping = Promise.resolve()

  const fields = () => {
    const data = new FormData(form)
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
    return data
  }

  const written = (data) => new URLSearchParams([...data].filter(([name]) => name !== "csrfmiddlewaretoken")).toString()

  const say = (text) => { if (status) status.textContent = text }

  const keep = () => { keeping = keepNow() }

  const keepNow = async () => {
    const data = fields()
    const now = written(data)
    if (now === kept || "sent" in form.dataset) return
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: data, redirect: "manual" })
      if (!answer.ok) throw new Error(`draft: ${answer.status}`)
      kept = now
      say(`Brouillon enregistré à ${clock.format(new Date())}`)
    } catch {
      say("Brouillon non enregistré : votre saisie reste sur cette page.")
    }
  }

  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(keep, PAUSE)
  }

  kept = written(fields())
  form.addEventListener("input", later)
  form.addEventListener("change", later)
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep() })

  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || !window.crossSession || "checked" in form.dataset) {
      delete form.dataset.checked
      return
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    const { submitter } = event
    const send = () => {
      form.dataset.checked = ""
      form.requestSubmit(submitter)
    }
    clearTimeout(timer)
    await keeping // or what was being kept would come back after the form has been dealt with
    if (await window.crossSession.runs(send)) send()
  }, true)
}

for (const form of document.querySelectorAll("form[data-draft-url]")) keepDrafts(form)

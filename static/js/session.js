// static/js/session.js: tells two minutes before the session ends, and when it is over keeps the
// page as it is until the same member has signed in again in another tab.
//
// data-session-url (on <body>) answers to
//   GET   {"seconds", "last", "member", "csrf"} or 401; prolongs nothing; last: nothing does
//   POST  the same, after having prolonged the session
// Other scripts call window.crossSession.runs() before they send what was typed.
const url = document.body.dataset.sessionUrl
const WARNING = 120
const FIRST_LOOK = 30_000

if (url) {
  const soon = document.getElementById("session-bientot")
  const over = document.getElementById("session-finie")
  const message = over.querySelector("[data-session-message]")
  const clock = new Intl.DateTimeFormat("fr", { hour: "numeric", minute: "2-digit" })
  let resumed = null
  let timer = 0

  const ask = async (method) => {
    const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" }
    const answer = await fetch(url, { method, headers, redirect: "manual", cache: "no-store" })
    if (answer.status === 401) return null
    if (!answer.ok) throw new Error(`session: ${answer.status}`)
    return answer.json()
  }

  // A new session has a new token: every form of the page must carry it.
  const renewTokens = (csrf) => {
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = csrf
  }

  const tell = (text) => {
    message.textContent = text
    if (!over.open) over.showModal()
  }

  const watch = (seconds) => {
    clearTimeout(timer)
    timer = setTimeout(look, Math.max(0, seconds - WARNING) * 1000)
  }

  // The page goes on with that session, if it is still its own member's.
  const takeUp = (state) => {
    if (state.member !== document.body.dataset.member) {
      tell("Une autre personne s’est connectée. Reconnectez-vous avec votre compte.")
      return false
    }
    renewTokens(state.csrf)
    watch(state.seconds)
    return true
  }

  async function look() {
    const state = await ask("GET").catch(() => ({ seconds: 2 * WARNING }))
    if (state === null) {
      soon.close()
      tell("")
    } else if (state.seconds <= WARNING) {
      const end = new Date(Date.now() + state.seconds * 1000)
      soon.querySelector("[data-session-end]").textContent = `à ${clock.format(end)}`
      soon.querySelector("[data-session-last]").hidden = !state.last
      soon.querySelector("[data-session-prolong]").hidden = Boolean(state.last)
      if (!soon.open) soon.showModal()
      timer = setTimeout(look, (state.seconds + 1) * 1000)
    } else watch(state.seconds)
  }

  soon.querySelector("[data-session-prolong]").addEventListener("click", async () => {
    const state = await ask("POST").catch(() => undefined)
    if (!state) return look()
    soon.close()
    renewTokens(state.csrf)
    watch(state.seconds)
  })

  over.querySelector("[data-session-resume]").addEventListener("click", async () => {
    const state = await ask("GET").catch(() => undefined)
    if (state === undefined) return tell("Le serveur ne répond pas. Réessayez dans un instant.")
    if (state === null) return tell("Vous n’êtes pas encore connecté.")
    if (!takeUp(state)) return
    over.close()
    const next = resumed
    resumed = null
    next?.()
  })

  window.crossSession = {
    // true: send; false: the session is over, the window is open, `then` runs once it is back.
    async runs(then) {
      try {
        const state = await ask("GET")
        if (state && takeUp(state)) return true
        if (!state) tell("")
      } catch {
        tell("Le serveur ne répond pas. Votre saisie reste sur cette page : réessayez dans un instant.")
      }
      resumed = then
      return false
    },
  }

  // What was typed leaves only while the session runs, or the sign-in page would take its place.
  // A form that keeps a draft asks by itself (js/draft-keeper.js).
  const holdsText = (form) => [...form.elements].some(
    (field) => field.matches("textarea, input:is([type=text], [type=email], [type=date], [type=number])") && field.value.trim(),
  )

  // On the window: before any other script hears of it, a question to confirm among them.
  window.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event
    if ("draftUrl" in form.dataset || form.getAttribute("method") !== "post" || !holdsText(form)) return
    if ("checked" in form.dataset) {
      delete form.dataset.checked
      return
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    if ("checking" in form.dataset) return
    const send = () => {
      form.dataset.checked = ""
      form.requestSubmit(submitter)
    }
    form.dataset.checking = ""
    const runs = await window.crossSession.runs(send)
    delete form.dataset.checking
    if (runs) send()
  }, true)

  // A fragment that comes back as the sign-in page is not drawn into this one.
  const login = new URL(over.querySelector("[data-session-login]").href)
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL).pathname !== login.pathname) return
    event.detail.shouldSwap = false
    tell("")
  })

  timer = setTimeout(look, FIRST_LOOK)
}

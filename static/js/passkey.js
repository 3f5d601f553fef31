// static/js/passkey.js: asks the browser for a passkey, and sends its answer with the form.
//
// data-passkey (on a form) is what the browser is asked, as JSON; empty with data-passkey-url, which
// gives it. data-passkey-new makes a passkey instead of showing one. data-passkey-beside names a
// form whose fields go along. The form is hidden without script: it can do nothing then.
const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0),
)
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")

const readable = ({ publicKey }) => {
  const named = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }))
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) }
  if (publicKey.user) asked.user = { ...publicKey.user, id: bytes(publicKey.user.id) }
  if (publicKey.excludeCredentials) asked.excludeCredentials = named(publicKey.excludeCredentials)
  if (publicKey.allowCredentials) asked.allowCredentials = named(publicKey.allowCredentials)
  return { publicKey: asked }
}

const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]

const answered = (credential) => JSON.stringify({
  type: credential.type,
  id: credential.id,
  rawId: text(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment,
  response: {
    ...Object.fromEntries(
      FIELDS.filter((name) => credential.response[name])
        .map((name) => [name, text(credential.response[name])]),
    ),
    transports: credential.response.getTransports?.() ?? [],
  },
  clientExtensionResults: credential.getClientExtensionResults(),
})

const GIVEN_UP = "La clé d’accès n’a pas été donnée. Réessayez quand vous l’avez sous la main."
const ALREADY = "Cette clé est déjà enregistrée. Prenez-en une autre."

async function options(form) {
  if (!form.dataset.passkeyUrl) return JSON.parse(form.dataset.passkey)
  const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(`passkey: ${answer.status}`)
  return (await answer.json()).request_options
}

// What is typed in the form beside goes along, but the password.
const copyFields = (form) => {
  const other = document.getElementById(form.dataset.passkeyBeside)
  for (const name of ["purpose", "detail"]) {
    const copy = form.elements.namedItem(name) ?? form.appendChild(document.createElement("input"))
    Object.assign(copy, { type: "hidden", name, value: other.elements.namedItem(name).value })
  }
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false
  const message = form.querySelector("[data-passkey-message]")
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    message.textContent = ""
    try {
      const asked = readable(await options(form))
      const made = "passkeyNew" in form.dataset
      const credential = await navigator.credentials[made ? "create" : "get"](asked)
      form.querySelector("[name$=credential]").value = answered(credential)
      if (form.dataset.passkeyBeside) copyFields(form)
      form.submit()
    } catch (error) {
      message.textContent = error.name === "InvalidStateError" ? ALREADY : GIVEN_UP
    }
  })
}

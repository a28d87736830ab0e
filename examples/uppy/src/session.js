// The address of an upload session: …/v1/uppy/{token}. Whoever knows it can upload until the session ends.
const FORM = /^(https?:\/\/.+)\/v1\/uppy\/us_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/

export function sessionAddress(text) {
  const address = text.trim().replace(/\/+$/, '')
  if (!FORM.test(address)) {
    throw new Error('That is no address of a session: it looks like http://localhost:8080/v1/uppy/us_…')
  }
  return address
}

/** Where the server of a session is. */
export function serverOf(session) {
  return FORM.exec(session)[1]
}

/** What a shop's own server does for its pages: asks for a session with its API key. */
export async function openSession(key, space) {
  // This page is served by Safelight itself, at /examples/uppy/.
  const server = new URL('../..', location.href).href.replace(/\/$/, '')
  const response = await fetch(`${server}/v1/upload-sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.trim()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ space })
  })
  return sessionAddress((await answerOf(response)).url)
}

/** The answer as an object; a problem becomes an error that says what the server said. */
export async function answerOf(response) {
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    throw new Error(answer.detail ?? `The server answered ${response.status}.`)
  }
  return answer
}

// The address of an upload session: …/v1/uppy/{token}. Whoever knows it can upload until the session ends.
const FORM = /^(https?:\/\/.+)\/v1\/uppy\/us_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/

/** The address without what came along when it was copied; throws an Error for whoever pasted it. */
export function sessionAddress(text) {
  const address = text.trim().replace(/\/+$/, '')
  if (!FORM.test(address)) {
    throw new Error('That is no address of a session: it looks like http://localhost:8080/v1/uppy/us_…')
  }
  const { origin } = new URL(address)
  if (origin !== location.origin) {
    // The policy of this page lets it talk to its own server alone, and to a browser localhost is not 127.0.0.1.
    throw new Error(
      `That session is at ${origin}, but this page is from ${location.origin} and can only talk to its own server: ` +
        `open ${serverOf(address)}/examples/uppy/ and paste the address there.`
    )
  }
  return address
}

/** Where the server of a session is. */
export function serverOf(session) {
  return FORM.exec(session)[1]
}

/** The answer as an object; a problem becomes an error that says what the server said. */
export async function answerOf(response) {
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    throw new Error(answer.detail ?? `The server answered ${response.status}.`)
  }
  return answer
}

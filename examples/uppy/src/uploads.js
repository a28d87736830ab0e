import { serverOf } from './session.js'

const WORDS = {
  PENDING: 'Waiting for its bytes',
  RECEIVED: 'Received',
  PROCESSING: 'Being processed',
  READY: 'Ready',
  REJECTED: 'Refused',
  FAILED: 'Failed'
}
const ENDS = ['READY', 'REJECTED', 'FAILED']

const LOST = 'The connection was lost; trying again …'

/** Shows all uploads of a session in a list, and how they stand as soon as that changes, until it is closed. */
export function followUploads(session, list, state, { say, refuse }) {
  const server = serverOf(session)
  const items = new Map()
  let events
  let timer
  let closed = false
  list.replaceChildren()

  function follow() {
    events = new EventSource(`${session}/events`)
    events.addEventListener('open', () => say('Connected.'))
    events.addEventListener('status', (event) => tell(JSON.parse(event.data)))
    events.addEventListener('error', () => {
      say(LOST, true)
      if (events.readyState === EventSource.CLOSED) {
        comeAgain()
      }
    })
  }

  function tell(upload) {
    if (!items.has(upload.uploadId)) {
      items.set(upload.uploadId, newItem(list))
    }
    const item = items.get(upload.uploadId)
    if (item.status !== upload.status) {
      show(item, upload, server)
    }
    state.textContent = summary([...items.values()])
  }

  async function comeAgain() {
    const { text, seconds } = await refusal(`${session}/events`)
    if (closed) {
      return
    }
    if (seconds === undefined) {
      refuse(text)
    } else {
      say(text, true)
      timer = setTimeout(follow, seconds * 1000)
    }
  }

  follow()
  return {
    close() {
      closed = true
      clearTimeout(timer)
      events.close()
    }
  }
}

/**
 * Why there is no stream: EventSource gives up at any answer but one, and does not tell which it was. Without seconds to
 * wait, it makes no sense to come again.
 */
async function refusal(stream) {
  const asking = new AbortController()
  try {
    const response = await fetch(stream, { signal: asking.signal })
    if (response.ok) {
      asking.abort()
      return { text: LOST, seconds: 1 }
    }
    const { detail = `The server answered ${response.status}.`, retryAfter } = await response.json().catch(() => ({}))
    const isPassing = response.status === 429 || response.status >= 500
    return isPassing ? { text: `${detail} Trying again …`, seconds: retryAfter ?? 5 } : { text: detail }
  } catch {
    return { text: 'The server cannot be reached; trying again …', seconds: 5 }
  }
}

function newItem(list) {
  const row = document.createElement('li')
  const picture = document.createElement('div')
  picture.className = 'picture'
  const name = document.createElement('strong')
  const status = document.createElement('span')
  status.className = 'status'
  const detail = document.createElement('p')
  const text = document.createElement('div')
  text.className = 'text'
  text.append(name, status, detail)
  row.append(picture, text)
  list.prepend(row)
  return { row, picture, name, statusText: status, detail, status: '' }
}

function show(item, upload, server) {
  item.status = upload.status
  item.row.dataset.status = upload.status
  item.row.dataset.name = upload.fileName
  item.name.textContent = upload.fileName
  item.statusText.textContent = WORDS[upload.status] ?? upload.status
  item.detail.textContent = upload.detail ?? (upload.size ? bytes(upload.size) : '')
  if (upload.status === 'READY') {
    item.picture.replaceChildren(thumbnail(upload, server))
  }
}

function thumbnail(upload, server) {
  const at = (width) => `${server}/images/${upload.assetId}?width=${width}`
  const link = document.createElement('a')
  link.href = at(1280)
  const image = document.createElement('img')
  image.alt = `Open ${upload.fileName}`
  image.width = 96
  image.height = 96
  image.sizes = '96px'
  image.srcset = `${at(160)} 160w, ${at(320)} 320w`
  image.src = at(160)
  // In some spaces, somebody looks at a picture before it is shown to anybody.
  image.addEventListener('error', () => link.replaceWith('Not public yet'))
  link.append(image)
  return link
}

function summary(items) {
  const ended = items.filter((item) => ENDS.includes(item.status))
  const ready = ended.filter((item) => item.status === 'READY')
  const others = ended.length - ready.length
  return `${ready.length} of ${items.length} ready${others > 0 ? `, ${others} refused or failed` : ''}.`
}

function bytes(size) {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = Math.min(Math.floor(Math.log10(size) / 3), units.length - 1)
  return `${(size / 1000 ** power).toLocaleString('en', { maximumFractionDigits: 1 })} ${units[power]}`
}

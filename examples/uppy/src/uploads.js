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

/** Shows all uploads of a session in a list, and how they stand as soon as that changes. */
export function followUploads(session, list, state, say) {
  const server = serverOf(session)
  const items = new Map()
  list.replaceChildren()
  const events = new EventSource(`${session}/events`)
  events.addEventListener('open', () => say('Connected.'))
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) {
      say('This session is unknown or has ended: ask for a new one.', true)
    } else {
      say('The connection was lost; trying again …', true)
    }
  })
  events.addEventListener('status', (event) => {
    const upload = JSON.parse(event.data)
    if (!items.has(upload.uploadId)) {
      items.set(upload.uploadId, newItem(list))
    }
    const item = items.get(upload.uploadId)
    if (item.status !== upload.status) {
      show(item, upload, server)
    }
    state.textContent = summary([...items.values()])
  })
  return events
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

import Dashboard from '@uppy/dashboard'
import '@uppy/core/css/style.min.css'
import '@uppy/dashboard/css/style.min.css'
import './page.css'
import { openSession, sessionAddress } from './session.js'
import { createUploader } from './uploader.js'
import { followUploads } from './uploads.js'

const form = document.querySelector('#connection')
const session = document.querySelector('#session')
const key = document.querySelector('#key')
const state = document.querySelector('#connection-state')
const options = new URLSearchParams(location.search)

let uppy
let uploads

async function connect() {
  say('Connecting …')
  let address
  try {
    address = session.value.trim() === '' && key.value !== ''
      ? await openSession(key.value, form.querySelector('#space').value)
      : sessionAddress(session.value)
  } catch (failed) {
    say(failed.message, true)
    session.focus()
    return
  }
  key.value = ''
  session.value = address
  uppy?.destroy()
  uploads?.close()
  document.querySelector('#files').hidden = false
  document.querySelector('#uploads').hidden = false
  uppy = createUploader(address, form.elements.mode.value, Number(options.get('multipartAbove') ?? NaN))
  uppy.use(Dashboard, {
    inline: true,
    target: '#uppy',
    theme: 'auto',
    width: '100%',
    height: 420,
    proudlyDisplayPoweredByUppy: false,
    showProgressDetails: true,
    hideProgressAfterFinish: false,
    note: 'Pictures: JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF and others that the space takes'
  })
  uploads = followUploads(address, document.querySelector('#list'), document.querySelector('#uploads-state'), say)
}

function say(text, isFailure = false) {
  state.textContent = text
  state.classList.toggle('failure', isFailure)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  connect()
})

// The session comes in the fragment, which browsers send to nobody; it does not stay in the address bar either.
const fragment = new URLSearchParams(location.hash.slice(1))
if (options.has('mode')) {
  form.elements.mode.value = options.get('mode') === 'companion' ? 'companion' : 'sign'
}
if (fragment.has('session')) {
  session.value = fragment.get('session')
  history.replaceState(null, '', location.pathname + location.search)
  connect()
}

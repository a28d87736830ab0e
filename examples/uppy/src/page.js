import Dashboard from '@uppy/dashboard'
import '@uppy/core/css/style.min.css'
import '@uppy/dashboard/css/style.min.css'
import './page.css'
import { sessionAddress } from './session.js'
import { createUploader } from './uploader.js'
import { followUploads } from './uploads.js'

const form = document.querySelector('#connection')
const session = document.querySelector('#session')
const state = document.querySelector('#connection-state')
const options = new URLSearchParams(location.search)

let uppy
let uploads

function connect() {
  say('Connecting …')
  let address
  try {
    address = sessionAddress(session.value)
  } catch (failed) {
    refuse(failed.message)
    session.focus()
    return
  }
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
  uploads = followUploads(address, document.querySelector('#list'), document.querySelector('#uploads-state'), { say, refuse })
}

function say(text, isFailure = false) {
  state.textContent = text
  state.classList.toggle('failure', isFailure)
  session.removeAttribute('aria-invalid')
}

/** Says what is wrong with the address that was given; the text describes the field. */
function refuse(text) {
  say(text, true)
  session.setAttribute('aria-invalid', 'true')
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

import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import { answerOf } from './session.js'

/** Stock Uppy for a session. `above` is the size in bytes from which on a file is sent in parts; NaN leaves it to Uppy. */
export function createUploader(session, mode, above) {
  const uppy = new Uppy({ restrictions: { allowedFileTypes: ['image/*', '.heic', '.heif', '.avif', '.jxl'] } })
  const options = mode === 'companion' ? { companionEndpoint: session } : signedBy(session)
  if (above > 0) {
    options.shouldUseMultipart = (file) => file.size > above
  }
  uppy.use(AwsS3, options)
  if (mode === 'companion') {
    // Companion hears of metadata, so it can be told the size: then the store takes no other.
    uppy.on('file-added', (file) => uppy.setFileMeta(file.id, { fileSize: String(file.size) }))
  }
  // Files that a lost network stopped go on by themselves, where they were.
  uppy.on('back-online', () => {
    if (uppy.getFiles().some((file) => file.error)) {
      uppy.retryAll()
    }
  })
  return uppy
}

function signedBy(session) {
  const files = new Map()
  return {
    // The same name for each try of a file, so that a try goes on where the one before was.
    generateObjectKey(file) {
      const known = [...files].find(([, one]) => one.id === file.id)
      const key = known ? known[0] : `${crypto.randomUUID()}-${file.name}`
      files.set(key, { id: file.id, size: file.size })
      return key
    },
    async signRequest(request) {
      const response = await fetch(`${session}/sign`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...request, size: files.get(request.key)?.size })
      })
      return answerOf(response)
    }
  }
}

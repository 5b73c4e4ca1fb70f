const laterMs = 200

/**
 * The first connection of a page takes longest: the browser's media threads and codecs start with it. Asking what it can
 * send starts them too; that is done ahead, in a quiet moment, so that nobody waits once there is somebody to connect to.
 */
export function warmUp(): void {
  // Firefox before 113 has the one without the other.
  if (typeof globalThis.RTCRtpSender?.getCapabilities !== 'function') return
  const start = () => void RTCRtpSender.getCapabilities('video')
  if ('requestIdleCallback' in globalThis) requestIdleCallback(start)
  else setTimeout(start, laterMs) // Safari.
}

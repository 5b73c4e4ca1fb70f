/**
 * The peer connections of this page, whoever created them. Each is found when one of the `telling` methods is called on
 * it, so that neither the SDK nor the page has to expose it. The methods behave as before.
 */
const found = new Set<RTCPeerConnection>()
let installed = false

const telling = ['getStats', 'setLocalDescription', 'setRemoteDescription', 'addIceCandidate'] as const

/** Starts discovery by wrapping methods of RTCPeerConnection; calling it again does nothing. */
export function discoverConnections(): void {
  const prototype: RTCPeerConnection | undefined = globalThis.RTCPeerConnection?.prototype
  if (installed || !prototype) return
  installed = true
  for (const name of telling) {
    const original: (...args: never[]) => unknown = prototype[name]
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: RTCPeerConnection, ...args: never[]) {
        keep(this)
        return original.apply(this, args)
      },
    })
  }
}

function keep(connection: RTCPeerConnection): void {
  if (found.has(connection)) return
  forgetClosed()
  found.add(connection)
}

function forgetClosed(): void {
  for (const connection of found) if (connection.signalingState === 'closed') found.delete(connection)
}

/** The open connections, in the order in which they were found. */
export function openConnections(): readonly RTCPeerConnection[] {
  forgetClosed()
  return [...found]
}

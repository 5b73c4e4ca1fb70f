import type { IceServer } from '@parley/protocol'
import { serversOf, toIceServers } from '../trickle/servers.ts'

/** A data channel between two peer connections of this page. */
export interface Link {
  readonly setUpMs: number
  readonly near: RTCDataChannel
  readonly far: RTCDataChannel
  /** The largest message that both ends accept, bytes (RFC 8841 §6). */
  readonly maxMessageBytes: number
  close(): void
}

export interface LinkOptions {
  readonly init: RTCDataChannelInit
  /** TURN servers for a relayed link; undefined for a direct one. */
  readonly relay: readonly IceServer[] | undefined
  readonly signal: AbortSignal
}

/** Opens a link. @throws {Error} if no path can be established; `AbortError` when stopped. */
export async function openLink({ init, relay, signal }: LinkOptions): Promise<Link> {
  const began = performance.now()
  const configuration: RTCConfiguration = relay
    ? { iceServers: toIceServers(serversOf(relay)), iceTransportPolicy: 'relay' }
    : {}
  const one = new RTCPeerConnection(configuration)
  const two = new RTCPeerConnection(configuration)
  const close = () => {
    one.close()
    two.close()
  }
  try {
    const near = one.createDataChannel('lab', init)
    near.binaryType = 'arraybuffer'
    const channels = new Promise<RTCDataChannel>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('The test was stopped.', 'AbortError')))
      const failed = () => {
        for (const { connectionState } of [one, two]) {
          if (connectionState === 'failed') reject(new Error('no path between the two ends'))
        }
      }
      one.addEventListener('connectionstatechange', failed)
      two.addEventListener('connectionstatechange', failed)
      two.addEventListener('datachannel', ({ channel }) => {
        channel.binaryType = 'arraybuffer'
        if (near.readyState === 'open') resolve(channel)
        else near.addEventListener('open', () => resolve(channel))
      })
    })
    // Awaited below; without this, being stopped before then would be an unhandled rejection.
    channels.catch(() => {})
    exchangeCandidates(one, two)
    exchangeCandidates(two, one)
    signal.throwIfAborted()
    await one.setLocalDescription()
    await two.setRemoteDescription(descriptionOf(one))
    await two.setLocalDescription()
    await one.setRemoteDescription(descriptionOf(two))
    const far = await channels
    const maxMessageBytes = one.sctp?.maxMessageSize ?? 65_536
    return { setUpMs: performance.now() - began, near, far, maxMessageBytes, close }
  } catch (error) {
    close()
    throw error
  }
}

function descriptionOf({ localDescription }: RTCPeerConnection): RTCSessionDescription {
  if (!localDescription) throw new Error('The browser made no description.')
  return localDescription
}

/** Candidates that arrive before the other side has a remote description are held back until it has one. */
function exchangeCandidates(from: RTCPeerConnection, to: RTCPeerConnection): void {
  const early: RTCIceCandidate[] = []
  // Rejects if the other connection has been closed meanwhile, which is fine.
  const add = (candidate: RTCIceCandidate) => to.addIceCandidate(candidate).catch(() => {})
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate) return
    if (to.remoteDescription) void add(candidate)
    else early.push(candidate)
  })
  to.addEventListener('signalingstatechange', () => {
    if (to.remoteDescription) for (const candidate of early.splice(0)) void add(candidate)
  })
}

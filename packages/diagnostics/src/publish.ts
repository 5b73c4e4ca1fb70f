import { type CallInfo, channelName, type Message, readMessage, sampleEveryMs, watchLapsesMs } from './channel.ts'
import type { CallSample, ConnectionSample, StatsEntry } from './sample.ts'

/** A peer connection that may be looked at. */
export interface Watched {
  readonly id: string
  readonly label: string
  readonly connection: RTCPeerConnection
}

/**
 * Lets the Lab, in this or another tab of the same browser, look at a call: nothing is measured and nothing is sent
 * while nobody looks. The function returned ends it.
 */
export function publishCall(info: Omit<CallInfo, 'call'>, connections: () => readonly Watched[]): () => void {
  // Absent in very old browsers and in some embedded views: there is nobody to tell then.
  if (typeof BroadcastChannel === 'undefined') return () => {}
  const call = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`
  const channel = new BroadcastChannel(channelName)
  const send = (message: Message) => channel.postMessage(message)
  let watchedUntil = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const measure = async () => {
    timer = undefined
    const sample = await takeSample(connections())
    if (closed) return
    send({ type: 'sample', call, sample })
    if (Date.now() < watchedUntil) timer = setTimeout(() => void measure(), sampleEveryMs)
  }
  channel.onmessage = ({ data }) => {
    const message = readMessage(data)
    if (message?.type === 'who') send({ type: 'here', call, ...info })
    if (message?.type !== 'watch' || message.call !== call) return
    watchedUntil = Date.now() + watchLapsesMs
    timer ??= setTimeout(() => void measure(), 0)
  }
  send({ type: 'here', call, ...info })
  return () => {
    if (closed) return
    closed = true
    clearTimeout(timer)
    send({ type: 'gone', call })
    channel.close()
  }
}

async function takeSample(watched: readonly Watched[]): Promise<CallSample> {
  const connections = await Promise.all(watched.map(sampleOf))
  return { at: Date.now(), connections: connections.flatMap(each => each ?? []) }
}

async function sampleOf({ id, label, connection }: Watched): Promise<ConnectionSample | undefined> {
  if (connection.signalingState === 'closed') return undefined
  // A connection that is closed meanwhile is no longer part of the call.
  const report = await connection.getStats().catch(() => undefined)
  if (!report) return undefined
  const stats: StatsEntry[] = []
  report.forEach((entry: StatsEntry) => {
    stats.push(entry)
  })
  return {
    id,
    label,
    connectionState: connection.connectionState,
    iceConnectionState: connection.iceConnectionState,
    signalingState: connection.signalingState,
    localDescription: connection.localDescription?.sdp,
    remoteDescription: connection.remoteDescription?.sdp,
    stats,
  }
}

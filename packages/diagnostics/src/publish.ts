import { type CallInfo, channelName, type Message, readMessage, sampleEveryMs, watchLapsesMs } from './channel.ts'
import type { CallSample, ConnectionSample, StatsEntry } from './sample.ts'
import type { TimelineEvent } from './timeline.ts'

/** A peer connection that can be watched. */
export interface Watched {
  readonly id: string
  readonly label: string
  readonly connection: RTCPeerConnection
}

/**
 * Lets the Lab, in this or another tab of the same browser, watch a call. Nothing is measured or sent while nobody is
 * watching. The returned function stops publishing.
 *
 * @param timeline What has happened in the call so far, if somebody keeps a record of it.
 */
export function publishCall(
  info: Omit<CallInfo, 'call'>,
  connections: () => readonly Watched[],
  timeline: () => readonly TimelineEvent[] = () => [],
): () => void {
  // Very old browsers and some embedded views lack it, so nobody can watch there.
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
    send({ type: 'timeline', call, events: timeline() })
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
  // A connection that has been closed meanwhile is no longer part of the call.
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

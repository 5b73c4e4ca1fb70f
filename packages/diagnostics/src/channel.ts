import { isRecord } from './record.ts'
import { type CallSample, isCallSample } from './sample.ts'
import { isTimelineEvent, type TimelineEvent } from './timeline.ts'

/** The BroadcastChannel over which this browser's tabs share data about their calls. It never leaves the browser. */
export const channelName = 'parley-lab'

/** A call that can be watched. `title` is the room's name; a loopback has none. */
export interface CallInfo {
  readonly call: string
  readonly kind: 'loopback' | 'meeting'
  readonly title: string
}

/** How often a watcher announces itself and asks which calls exist; calls measure only while they hear this. */
export const watchEveryMs = 1500
/** A call that has not answered for this long is gone, because its tab was closed. */
export const silentMs = 6000
/** A call stops measuring this long after it last heard a watcher. */
export const watchLapsesMs = 4000
export const sampleEveryMs = 1000

export type Message =
  /** Asks every call to announce itself. */
  | { readonly type: 'who' }
  | ({ readonly type: 'here' } & CallInfo)
  | { readonly type: 'gone'; readonly call: string }
  | { readonly type: 'watch'; readonly call: string }
  | { readonly type: 'sample'; readonly call: string; readonly sample: CallSample }
  /** What has happened in a call so far, with every sample. */
  | { readonly type: 'timeline'; readonly call: string; readonly events: readonly TimelineEvent[] }

/** Parses data from the channel; undefined if it is not a message of this version. */
export function readMessage(raw: unknown): Message | undefined {
  if (!isRecord(raw)) return undefined
  const { type, call } = raw
  if (type === 'who') return { type }
  if (typeof call !== 'string') return undefined
  if (type === 'gone' || type === 'watch') return { type, call }
  if (type === 'sample' && isCallSample(raw.sample)) return { type, call, sample: raw.sample }
  const { kind, title, events } = raw
  if (type === 'timeline' && Array.isArray(events) && events.every(isTimelineEvent)) return { type, call, events }
  if (type === 'here' && typeof title === 'string' && (kind === 'loopback' || kind === 'meeting'))
    return { type, call, kind, title }
  return undefined
}

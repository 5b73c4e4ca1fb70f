import { isRecord } from './record.ts'
import { isMissing, type Value } from './value.ts'

/** The events of a call. Each has a sentence in `locales`, `timeline.<kind>`; `who` is the person concerned. */
export const timelineKinds = [
  'joined',
  'left',
  'person-came',
  'person-went',
  'server-lost',
  'server-back',
  'path-connecting',
  'path-connected',
  'path-lost',
  'path-failed',
  'route-direct',
  'route-relayed',
  'loss-began',
  'loss-ended',
  'bandwidth-fell',
  'bandwidth-rose',
  'picture-smaller',
  'picture-larger',
  'froze',
  'limited-bandwidth',
  'limited-cpu',
  'limit-gone',
  'slow-began',
  'slow-ended',
  // What the server says that it measured.
  'judged-uplink-loss',
  'judged-downlink-loss',
  'judged-downlink-bandwidth',
  'judged-delay',
  'judged-good',
] as const
export type TimelineKind = (typeof timelineKinds)[number]

export interface TimelineEvent {
  /** ms since 1970. */
  readonly at: number
  readonly kind: TimelineKind
  /** The person's name; absent for events about ourselves. */
  readonly who?: string
  readonly params?: Readonly<Record<string, string | Value>>
}

const timelineFormat = 'parley-call-timeline'

/** The events of a call in order, to be read here or on another machine. */
export interface Timeline {
  readonly format: typeof timelineFormat
  readonly version: 1
  readonly room: string
  readonly browser: string
  readonly events: readonly TimelineEvent[]
}

export function makeTimeline(room: string, browser: string, events: readonly TimelineEvent[]): Timeline {
  return { format: timelineFormat, version: 1, room, browser, events }
}

export function isTimeline(raw: unknown): raw is Timeline {
  return (
    isRecord(raw) &&
    raw.format === timelineFormat &&
    raw.version === 1 &&
    typeof raw.room === 'string' &&
    typeof raw.browser === 'string' &&
    Array.isArray(raw.events) &&
    raw.events.every(isTimelineEvent)
  )
}

/** Whether an untrusted value is an event. */
export function isTimelineEvent(raw: unknown): raw is TimelineEvent {
  if (!isRecord(raw) || typeof raw.at !== 'number' || !timelineKinds.some(kind => kind === raw.kind)) return false
  if (raw.who !== undefined && typeof raw.who !== 'string') return false
  if (raw.params === undefined) return true
  return (
    isRecord(raw.params) &&
    Object.values(raw.params).every(value => {
      if (typeof value === 'string') return true
      if (!isRecord(value)) return false
      const given = value as unknown as Value
      return isMissing(given) ? typeof given.missing === 'string' : Number.isFinite(given.value)
    })
  )
}

/** Whether an event is good news, bad news or neither. */
export const timelineTone: Readonly<Record<TimelineKind, 'good' | 'bad' | 'plain'>> = {
  joined: 'plain',
  left: 'plain',
  'person-came': 'plain',
  'person-went': 'plain',
  'server-lost': 'bad',
  'server-back': 'good',
  'path-connecting': 'plain',
  'path-connected': 'good',
  'path-lost': 'bad',
  'path-failed': 'bad',
  'route-direct': 'plain',
  'route-relayed': 'plain',
  'loss-began': 'bad',
  'loss-ended': 'good',
  'bandwidth-fell': 'bad',
  'bandwidth-rose': 'good',
  'picture-smaller': 'bad',
  'picture-larger': 'good',
  froze: 'bad',
  'limited-bandwidth': 'bad',
  'limited-cpu': 'bad',
  'limit-gone': 'good',
  'slow-began': 'bad',
  'slow-ended': 'good',
  'judged-uplink-loss': 'bad',
  'judged-downlink-loss': 'bad',
  'judged-downlink-bandwidth': 'bad',
  'judged-delay': 'bad',
  'judged-good': 'good',
}

/** Limit for the number of events kept; in a very long call the oldest are dropped. */
export const maxTimelineEvents = 2000

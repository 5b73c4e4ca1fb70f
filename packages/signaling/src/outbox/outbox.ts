import assert from 'node:assert/strict'
import { type EventName, type EventPayload, limits } from '@parley/protocol'
import type { SignalingLimits } from '../limits.ts'
import { type Channel, type Delivery, EventLog, type LoggedEvent } from './event-log.ts'

/** Delivers events to sessions that are connected now; implemented with sockets. */
export interface Wire {
  deliver(entry: Delivery): void
  join(session: string, channel: Channel): void
  leave(session: string, channel: Channel): void
  /** The session is over: its connection is to be closed once everything that was sent has left. */
  dismiss(session: string): void
}

interface Span {
  readonly channel: Channel
  readonly since: number
  readonly until: number
}

interface Subscriber {
  /** The last event that is known to have reached the client, whatever the client says. */
  confirmed: number
  readonly channels: Map<Channel, number>
  /** Channels that it has left, while events of them may not have arrived yet. */
  past: Span[]
}

export type LogLimits = Pick<SignalingLimits, 'logEntries' | 'logBytes' | 'logBytesTotal' | 'replayBytes'>

/** How long events are kept, ms: as long as a session is, plus a ping and its timeout, by which its loss may be noticed late. */
const keepMs = limits.seatMs + 20_000

/**
 * Numbers every event, delivers it to sessions that are connected, and keeps it for those that come back. A session that
 * says the last number it saw is given the events that it missed, in order, each of them once.
 *
 * Numbers keep rising over a restart, since they begin at the time of the start, so that a new event never has a number that
 * was used before. Pure: `now` is in milliseconds since 1970.
 */
export class Outbox {
  readonly #wire: Wire
  readonly #limits: LogLimits
  readonly #logs = new Map<Channel, EventLog>()
  readonly #subscribers = new Map<string, Subscriber>()
  /** How many sessions subscribe to each channel. */
  readonly #audience = new Map<Channel, number>()
  #bytes = 0
  #handedOut = 0
  #n: number

  constructor(wire: Wire, caps: LogLimits, now: number) {
    this.#wire = wire
    this.#limits = caps
    this.#n = now * 2048
  }

  /** The number of the newest event. */
  get last(): number {
    return this.#n
  }

  /** Roughly how many bytes are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Bytes handed out so far, each event counted once per receiver. What an action costs is how much this rises. */
  get handedOut(): number {
    return this.#handedOut
  }

  send<K extends EventName>(now: number, to: Channel, event: K, payload: EventPayload<K>, except?: Channel): void {
    const entry: LoggedEvent = { n: ++this.#n, at: now, to, except, event, payload, bytes: 64 + roughBytes(payload) }
    this.#keep(entry, now)
    this.#handedOut += entry.bytes * (this.#audience.get(to) ?? 0)
    this.#wire.deliver(entry)
  }

  /**
   * Delivers an event without a number to whoever is connected now, and does not keep it: for what a client that comes back asks for
   * anew, or never needs. `droppable` ones are not even sent to who is behind with reading.
   */
  tell<K extends EventName>(
    now: number,
    to: Channel,
    event: K,
    payload: EventPayload<K>,
    { except, droppable = false }: { readonly except?: Channel; readonly droppable?: boolean } = {},
  ): void {
    const bytes = 64 + roughBytes(payload)
    this.#handedOut += bytes * (this.#audience.get(to) ?? 0)
    this.#wire.deliver({ n: undefined, at: now, to, except, event, payload, bytes, droppable })
  }

  /** Adds a session; it gets events from now on only. */
  open(session: string): void {
    this.#subscribers.set(session, { confirmed: this.#n, channels: new Map(), past: [] })
  }

  close(session: string): void {
    const subscriber = this.#subscribers.get(session)
    if (!subscriber) return
    this.#subscribers.delete(session)
    for (const channel of subscriber.channels.keys()) this.#leave(session, channel)
  }

  /** Subscribes a session to a channel, from the next event on. */
  subscribe(session: string, channel: Channel): void {
    const subscriber = this.#subscribers.get(session)
    if (!subscriber || subscriber.channels.has(channel)) return
    subscriber.channels.set(channel, this.#n)
    this.#audience.set(channel, (this.#audience.get(channel) ?? 0) + 1)
    this.#wire.join(session, channel)
  }

  /** Ends a subscription after the last event. Events before that can still be replayed. */
  unsubscribe(session: string, channel: Channel): void {
    const subscriber = this.#subscribers.get(session)
    const since = subscriber?.channels.get(channel)
    if (!subscriber || since === undefined) return
    subscriber.channels.delete(channel)
    if (this.#n > Math.max(since, subscriber.confirmed)) subscriber.past.push({ channel, since, until: this.#n })
    this.#leave(session, channel)
  }

  channels(session: string): readonly Channel[] {
    return [...(this.#subscribers.get(session)?.channels.keys() ?? [])]
  }

  /** The client has answered a ping that was sent after event `n`, and so has received everything up to it. */
  confirm(session: string, n: number): void {
    const subscriber = this.#subscribers.get(session)
    if (!subscriber || n <= subscriber.confirmed) return
    subscriber.confirmed = n
    if (subscriber.past.length > 0) subscriber.past = subscriber.past.filter(span => span.until > n)
  }

  /**
   * The events that a session has not seen, oldest first. Undefined if some are no longer kept, if they are more than may be
   * replayed, if there is no such session, or if `after` is a number that was never given.
   */
  missed(session: string, after: number): readonly LoggedEvent[] | undefined {
    const subscriber = this.#subscribers.get(session)
    if (!subscriber || after > this.#n) return undefined
    const found: LoggedEvent[] = []
    let bytes = 0
    for (const { channel, since, until } of this.#spans(subscriber)) {
      const log = this.#logs.get(channel)
      if (!log) continue
      if (Math.min(log.floor, until) > Math.max(after, since, subscriber.confirmed)) return undefined
      log.between(Math.max(after, since), until, entry => {
        if (entry.except !== undefined && subscriber.channels.has(entry.except)) return
        found.push(entry)
        bytes += entry.bytes
      })
      if (bytes > this.#limits.replayBytes) return undefined
    }
    return found.sort((a, b) => a.n - b.n)
  }

  /** Forgets events that are too old to be replayed; call it every few seconds. */
  sweep(now: number): void {
    for (const [channel, log] of this.#logs) {
      this.#bytes -= log.dropBefore(now - keepMs)
      if (log.touchedAt < now - keepMs) this.#logs.delete(channel)
    }
  }

  *#spans(subscriber: Subscriber): Iterable<Span> {
    for (const [channel, since] of subscriber.channels) yield { channel, since, until: this.#n }
    yield* subscriber.past
  }

  #leave(session: string, channel: Channel): void {
    const rest = (this.#audience.get(channel) ?? 0) - 1
    if (rest > 0) this.#audience.set(channel, rest)
    else this.#audience.delete(channel)
    this.#wire.leave(session, channel)
  }

  #keep(entry: LoggedEvent, now: number): void {
    const log = this.#logs.get(entry.to) ?? new EventLog()
    this.#logs.set(entry.to, log)
    this.#bytes -= log.dropBefore(now - keepMs)
    log.push(entry)
    this.#bytes += entry.bytes
    const { logEntries, logBytes, logBytesTotal } = this.#limits
    while (log.size > 0 && (log.size > logEntries || log.bytes > logBytes)) this.#bytes -= log.drop()
    // When the server's limit is reached, the largest log is cut, so that a flood in one room costs a quiet room nothing.
    while (this.#bytes > logBytesTotal) {
      const largest = this.#largest()
      const enough = largest.bytes / 2
      while (largest.bytes > enough) this.#bytes -= largest.drop()
    }
  }

  /** Call it only while something is kept. */
  #largest(): EventLog {
    let largest: EventLog | undefined
    for (const log of this.#logs.values()) if (!largest || log.bytes > largest.bytes) largest = log
    assert(largest)
    return largest
  }
}

/** The approximate size of a value without encoding it: close enough to limit a log, cheap enough for every event. */
function roughBytes(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  let bytes = 16
  for (const key in value) bytes += key.length + 4 + roughBytes((value as Record<string, unknown>)[key])
  return bytes
}

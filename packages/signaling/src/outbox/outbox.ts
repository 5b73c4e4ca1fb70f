import assert from 'node:assert/strict'
import { type EventName, type EventPayload, limits } from '@parley/protocol'
import type { SignalingLimits } from '../limits.ts'
import { EventLog } from './event-log.ts'
import { roughBytes } from './rough-bytes.ts'

/** Whom an event is for. `watchers` are the sessions that want to hear who is online. */
export type Channel = `room:${string}` | `session:${string}` | `identity:${string}` | 'watchers'

/** One event in the log. */
export interface Entry {
  /** Its place: one rising count for the whole server. */
  readonly n: number
  readonly at: number
  readonly to: Channel
  /** Who subscribes to this one too does not get it. */
  readonly except: Channel | undefined
  readonly event: EventName
  readonly payload: unknown
  readonly bytes: number
}

/** The way to those who are connected now; the edge fills it with sockets. */
export interface Wire {
  deliver(entry: Entry): void
  join(session: string, channel: Channel): void
  leave(session: string, channel: Channel): void
  /** The session is over: its connection is closed once it has what it was sent. */
  dismiss(session: string): void
}

interface Span {
  readonly channel: Channel
  readonly since: number
  readonly until: number
}

interface Reader {
  /** What is known to have reached the client, whatever it says itself. */
  confirmed: number
  readonly channels: Map<Channel, number>
  /** Channels left again, for as long as something of them may still be on its way. */
  past: Span[]
}

export type LogLimits = Pick<SignalingLimits, 'logEntries' | 'logBytes' | 'logBytesTotal' | 'replayBytes'>

/** A seat is kept so long after the last sign of life, which itself may be a ping and its time-out late. */
const keepMs = limits.seatMs + 20_000

/**
 * Numbers every event, delivers it to those who are connected, and keeps it for those who come back. A session that says
 * the last number it saw is given what it missed, in order, each event once.
 *
 * Numbers go on rising over a restart (they begin at the time of the start), so that an old number never hides a new
 * event. Pure: `now` is in milliseconds since 1970.
 */
export class Outbox {
  readonly #wire: Wire
  readonly #limits: LogLimits
  readonly #logs = new Map<Channel, EventLog>()
  readonly #readers = new Map<string, Reader>()
  /** How many hear each channel. */
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

  /** Bytes kept, about. */
  get bytes(): number {
    return this.#bytes
  }

  /** Bytes handed out so far, each event as often as somebody heard it: what an act costs is how much it makes this rise. */
  get handedOut(): number {
    return this.#handedOut
  }

  send<K extends EventName>(now: number, to: Channel, event: K, payload: EventPayload<K>, except?: Channel): void {
    const entry: Entry = { n: ++this.#n, at: now, to, except, event, payload, bytes: 64 + roughBytes(payload) }
    this.#keep(entry, now)
    this.#handedOut += entry.bytes * (this.#audience.get(to) ?? 0)
    this.#wire.deliver(entry)
  }

  /** A new session: nothing that was before concerns it. */
  open(session: string): void {
    this.#readers.set(session, { confirmed: this.#n, channels: new Map(), past: [] })
  }

  close(session: string): void {
    const reader = this.#readers.get(session)
    if (!reader) return
    this.#readers.delete(session)
    for (const channel of reader.channels.keys()) this.#leave(session, channel)
  }

  /** From the next event on. */
  subscribe(session: string, channel: Channel): void {
    const reader = this.#readers.get(session)
    if (!reader || reader.channels.has(channel)) return
    reader.channels.set(channel, this.#n)
    this.#audience.set(channel, (this.#audience.get(channel) ?? 0) + 1)
    this.#wire.join(session, channel)
  }

  /** Up to the last event; what of it is still on its way can be asked for. */
  unsubscribe(session: string, channel: Channel): void {
    const reader = this.#readers.get(session)
    const since = reader?.channels.get(channel)
    if (!reader || since === undefined) return
    reader.channels.delete(channel)
    if (this.#n > Math.max(since, reader.confirmed)) reader.past.push({ channel, since, until: this.#n })
    this.#leave(session, channel)
  }

  channels(session: string): readonly Channel[] {
    return [...(this.#readers.get(session)?.channels.keys() ?? [])]
  }

  /** The client has proved (by answering a ping that was sent after it) that it received everything up to `n`. */
  confirm(session: string, n: number): void {
    const reader = this.#readers.get(session)
    if (!reader || n <= reader.confirmed) return
    reader.confirmed = n
    if (reader.past.length > 0) reader.past = reader.past.filter(span => span.until > n)
  }

  /**
   * What the session has not seen, oldest first; undefined if some of it is no longer kept, if it is more than anybody is
   * sent, if there is no such session, or if `after` is not of this count.
   */
  missed(session: string, after: number): readonly Entry[] | undefined {
    const reader = this.#readers.get(session)
    if (!reader || after > this.#n) return undefined
    const found: Entry[] = []
    let bytes = 0
    for (const { channel, since, until } of this.#spans(reader)) {
      const log = this.#logs.get(channel)
      if (!log) continue
      if (Math.min(log.floor, until) > Math.max(after, since, reader.confirmed)) return undefined
      log.between(Math.max(after, since), until, entry => {
        if (entry.except !== undefined && reader.channels.has(entry.except)) return
        found.push(entry)
        bytes += entry.bytes
      })
      if (bytes > this.#limits.replayBytes) return undefined
    }
    return found.sort((a, b) => a.n - b.n)
  }

  /** Forgets what is too old to be asked for; to be called every few seconds. */
  sweep(now: number): void {
    for (const [channel, log] of this.#logs) {
      this.#bytes -= log.dropBefore(now - keepMs)
      if (log.touchedAt < now - keepMs) this.#logs.delete(channel)
    }
  }

  *#spans(reader: Reader): Iterable<Span> {
    for (const [channel, since] of reader.channels) yield { channel, since, until: this.#n }
    yield* reader.past
  }

  #leave(session: string, channel: Channel): void {
    const rest = (this.#audience.get(channel) ?? 0) - 1
    if (rest > 0) this.#audience.set(channel, rest)
    else this.#audience.delete(channel)
    this.#wire.leave(session, channel)
  }

  #keep(entry: Entry, now: number): void {
    const log = this.#logs.get(entry.to) ?? new EventLog()
    this.#logs.set(entry.to, log)
    this.#bytes -= log.dropBefore(now - keepMs)
    log.push(entry)
    this.#bytes += entry.bytes
    const { logEntries, logBytes, logBytesTotal } = this.#limits
    while (log.size > 0 && (log.size > logEntries || log.bytes > logBytes)) this.#bytes -= log.drop()
    // The largest log pays for the bound of the whole server: no flood costs a quiet room its own.
    while (this.#bytes > logBytesTotal) {
      const largest = this.#largest()
      const enough = largest.bytes / 2
      while (largest.bytes > enough) this.#bytes -= largest.drop()
    }
  }

  /** To be asked only while something is kept. */
  #largest(): EventLog {
    let largest: EventLog | undefined
    for (const log of this.#logs.values()) if (!largest || log.bytes > largest.bytes) largest = log
    assert(largest)
    return largest
  }
}

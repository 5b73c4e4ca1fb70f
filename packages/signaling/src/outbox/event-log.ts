import type { EventName } from '@parley/protocol'

/** Whom an event is for. `board` are the members of a room who follow its whiteboard, `watchers` are the sessions that watch who is online. */
export type Channel = `room:${string}` | `board:${string}` | `session:${string}` | `identity:${string}` | 'watchers'

/** One event in the log. */
export interface LoggedEvent {
  /** Its number, from one rising count for the whole server. */
  readonly n: number
  readonly at: number
  readonly to: Channel
  /** Sessions that also subscribe to this channel do not get the event. */
  readonly except: Channel | undefined
  readonly event: EventName
  readonly payload: unknown
  readonly bytes: number
}

/** An event on its way out; one without a number is not kept, and a client takes it for what it is now. */
export interface Delivery extends Omit<LoggedEvent, 'n'> {
  readonly n: number | undefined
  /** Whoever is behind with reading is not sent it. */
  readonly droppable?: boolean
}

/**
 * The last events of one channel, oldest first. `floor` is the highest number that was dropped for lack of space: a session
 * that has not seen it cannot be brought up to date any more.
 */
export class EventLog {
  floor = 0
  bytes = 0
  /** When something was last added, ms. */
  touchedAt = 0
  #entries: LoggedEvent[] = []
  /** Where the log begins in the array; what is before it is dropped, and cut off from time to time. */
  #start = 0

  get size(): number {
    return this.#entries.length - this.#start
  }

  push(entry: LoggedEvent): void {
    this.#entries.push(entry)
    this.bytes += entry.bytes
    this.touchedAt = entry.at
  }

  /** Drops the oldest event for lack of space; returns its bytes. */
  drop(): number {
    const entry = this.#shift()
    if (entry) this.floor = entry.n
    return entry?.bytes ?? 0
  }

  /** Drops events older than `time`, which nobody can ask for any more; returns their bytes. */
  dropBefore(time: number): number {
    const before = this.bytes
    for (let oldest = this.#entries[this.#start]; oldest && oldest.at < time; oldest = this.#entries[this.#start]) {
      this.#shift()
    }
    return before - this.bytes
  }

  /** Calls back with every event whose number is in (after, until], in order. */
  between(after: number, until: number, found: (entry: LoggedEvent) => void): void {
    let i = this.#entries.length
    while (i > this.#start && (this.#entries[i - 1] as LoggedEvent).n > after) i--
    for (; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as LoggedEvent
      if (entry.n > until) return
      found(entry)
    }
  }

  #shift(): LoggedEvent | undefined {
    const entry = this.#entries[this.#start]
    if (!entry) return undefined
    this.#start++
    this.bytes -= entry.bytes
    if (this.#start > 64 && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start)
      this.#start = 0
    }
    return entry
  }
}

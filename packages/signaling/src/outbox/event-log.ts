import type { Entry } from './outbox.ts'

/**
 * The last events of one channel, oldest first. `floor` is the highest number that had to be dropped for want of space:
 * who has not seen it can no longer be caught up.
 */
export class EventLog {
  floor = 0
  bytes = 0
  /** When something was last added, ms. */
  touchedAt = 0
  #entries: Entry[] = []
  /** Where the log begins in the array: what is before is dropped, and cut off now and then. */
  #start = 0

  get size(): number {
    return this.#entries.length - this.#start
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.bytes += entry.bytes
    this.touchedAt = entry.at
  }

  /** Lets go of the oldest for want of space; returns its bytes. */
  drop(): number {
    const entry = this.#shift()
    if (entry) this.floor = entry.n
    return entry?.bytes ?? 0
  }

  /** Lets go of what is older than `time`, which nobody can ask for any more; returns the bytes. */
  dropBefore(time: number): number {
    const before = this.bytes
    for (let oldest = this.#entries[this.#start]; oldest && oldest.at < time; oldest = this.#entries[this.#start]) {
      this.#shift()
    }
    return before - this.bytes
  }

  /** Calls back with every entry whose number is in (after, until], in order. */
  between(after: number, until: number, found: (entry: Entry) => void): void {
    let i = this.#entries.length
    while (i > this.#start && (this.#entries[i - 1] as Entry).n > after) i--
    for (; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as Entry
      if (entry.n > until) return
      found(entry)
    }
  }

  #shift(): Entry | undefined {
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

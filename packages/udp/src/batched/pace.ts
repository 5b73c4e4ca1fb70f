/** The longest that a turn is put off. */
const GATHER_MS = 0.25
/** A shorter rest is not worth a system call. */
const LEAST_MS = 0.02

/**
 * Tells a busy loop to rest for a moment before it looks at its sockets again, as network cards moderate their interrupts: so
 * what arrives meanwhile is served in one turn, and not each datagram in a turn of its own. After a silence, a datagram is
 * served at once.
 */
export class Pace {
  #began = Number.NEGATIVE_INFINITY
  #dense = false

  /** Notes that a turn begins at `now`, for which the loop has waited since `since`, both in milliseconds. */
  begin(since: number, now: number): void {
    this.#began = now
    this.#dense = now - since < GATHER_MS
  }

  /** How many microseconds to rest at `now` (in milliseconds) before the loop waits again; 0 for none. */
  restUs(now: number): number {
    const left = this.#dense ? this.#began + GATHER_MS - now : 0
    return left < LEAST_MS ? 0 : Math.ceil(left * 1000)
  }
}

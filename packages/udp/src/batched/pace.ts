/** A turn begins at most this long after it could have. */
const GATHER_MS = 0.25
/** Less is not worth a system call. */
const LEAST_MS = 0.02

/**
 * Says when a loop had better not look at its sockets for a moment, as network cards delay their interrupts: what arrives
 * meanwhile is then served in one turn, instead of one turn for each datagram. What comes after a silence is served at once.
 */
export class Pace {
  #began = Number.NEGATIVE_INFINITY
  #dense = false

  /** Takes note that a turn begins at `now`, for which the loop has waited since `since`, both in ms. */
  begin(since: number, now: number): void {
    this.#began = now
    this.#dense = now - since < GATHER_MS
  }

  /** Whole microseconds to rest at `now`, in ms, before the loop waits again; 0: none. */
  restUs(now: number): number {
    const left = this.#dense ? this.#began + GATHER_MS - now : 0
    return left < LEAST_MS ? 0 : Math.ceil(left * 1000)
  }
}

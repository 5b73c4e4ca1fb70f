/** As much as may be sent at once, bytes. */
const burst = 1024 * 1024
/** How fast that is refilled, bytes per ms: half of what the server takes from one connection. */
const perMs = 250
/** What the server may send for us is twice as much as what we may send. */
const eachOther = 0.5
/** The shortest time between two requests, ms: fast enough to look at once, and few enough for a line that is being drawn. */
const shortestMs = 80

/** Decides when the next entries may be sent, so that neither our connection nor what the server sends to others has to suffer. Pure. */
export class Pace {
  #credit = burst
  #at: number

  constructor(now: number) {
    this.#at = now
  }

  /** Bytes were sent, which the server passes on to so many others. Returns how long to wait before the next, ms. */
  sent(bytes: number, others: number, now: number): number {
    this.#credit = Math.min(burst, this.#credit + Math.max(0, now - this.#at) * perMs)
    this.#at = now
    this.#credit -= Math.max(bytes, bytes * others * eachOther)
    return Math.max(shortestMs, -this.#credit / perMs)
  }
}

const entries = 1024
/** Arrivals closer than this share an entry; ms. */
const mergedMs = 2

/** At what rate a receiver acknowledged packets, by its own clock, over windows of choice. */
export class AcknowledgedRate {
  readonly #times = new Float64Array(entries)
  /** Bytes up to and with the entry. */
  readonly #totals = new Float64Array(entries)
  #count = 0
  #total = 0

  arrived(at: number, bytes: number): void {
    this.#total += bytes
    const last = this.#count - 1
    const slot = last & (entries - 1)
    // What arrived earlier than what is known already counts as of now: order within a window does not matter.
    if (last >= 0 && at < (this.#times[slot] as number) + mergedMs) this.#totals[slot] = this.#total
    else {
      const next = this.#count++ & (entries - 1)
      this.#times[next] = at
      this.#totals[next] = this.#total
    }
  }

  /** Bytes that arrived between the last arrival and the one after it: nobody knows when. */
  presumed(bytes: number): void {
    this.#total += bytes
  }

  /** In bit/s over at least `windowMs` before the last arrival; NaN: too little is known. */
  bps(windowMs: number): number {
    const newest = this.#count - 1
    const oldest = Math.max(0, this.#count - entries)
    if (newest <= oldest) return Number.NaN
    const end = this.#times[newest & (entries - 1)] as number
    let low = oldest
    let high = newest - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#times[middle & (entries - 1)] as number) <= end - windowMs) low = middle
      else high = middle - 1
    }
    const spanMs = end - (this.#times[low & (entries - 1)] as number)
    if (spanMs < windowMs / 2) return Number.NaN
    const bytes = (this.#totals[newest & (entries - 1)] as number) - (this.#totals[low & (entries - 1)] as number)
    return (bytes * 8000) / spanMs
  }

  reset(): void {
    this.#count = 0
  }
}

/** A pending timer. `order` keeps timers that are due at the same time in the order in which they were set. */
interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/**
 * A clock that moves only when it is advanced, in milliseconds. Fits wherever a `now()` and an `after()` are needed.
 *
 * @example
 * const clock = new FakeClock()
 * clock.after(100, () => console.log('rang'))
 * clock.advance(100) // rang
 */
export class FakeClock {
  readonly #timers = new Set<Timer>()
  #now: number
  #order = 0

  /** @param start The first `now()`; default: 2024-01-01 in ms, so that timestamps look realistic. */
  constructor(start = 1_704_067_200_000) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  /** Calls back once when the clock has advanced by `delayMs`. The returned function stops it, and may be called twice. */
  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Advances the clock and calls what is due, ordered by time, then by when it was set; `now()` is each timer's own time then. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer)
      this.#now = timer.at
      timer.callback()
    }
    this.#now = end
  }

  /** How many timers are pending; shows leaks. */
  get pending(): number {
    return this.#timers.size
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}

/**
 * Calls `tick` from Node's event loop: once, soon, after any number of pokes, and when the time comes that the last `tick`
 * returned.
 */
export class Ticker {
  readonly #tick: () => number
  readonly #now: () => number
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #due = Number.POSITIVE_INFINITY
  #closed = false

  /** @param tick Does what is due, and returns when it wants to be called again, on the clock of `now`. */
  constructor(tick: () => number, now: () => number) {
    this.#tick = tick
    this.#now = now
  }

  poke(): void {
    if (this.#closed || this.#immediate) return
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined
      this.run()
    })
  }

  /** Calls `tick` at once. */
  run(): void {
    if (this.#closed) return
    const next = this.#tick()
    // Letting a timer fire too early costs less than rearming it for every datagram.
    if (this.#closed || next >= this.#due) return
    clearTimeout(this.#timer)
    this.#due = next
    this.#timer = setTimeout(
      () => {
        this.#due = Number.POSITIVE_INFINITY
        this.run()
      },
      waitMs(next - this.#now(), 60_000),
    )
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
  }
}

/** Whole milliseconds to wait for something that is due in `ms`: from 0 to `most`. */
export function waitMs(ms: number, most: number): number {
  return Number.isNaN(ms) ? most : Math.min(Math.max(Math.ceil(ms), 0), most)
}

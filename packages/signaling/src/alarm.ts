import type { Clock } from './ports.ts'

/**
 * One timer for any number of deadlines: calls back at the earliest time that it was set to. After that the owner sets the
 * next one.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #at = Number.POSITIVE_INFINITY
  #stop: (() => void) | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Makes sure that it rings at `time` (ms since 1970) at the latest. */
  set(time: number): void {
    if (time >= this.#at) return
    this.#stop?.()
    this.#at = time
    this.#stop = this.#clock.after(Math.max(0, time - this.#clock.now()), () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#ring()
    })
  }

  close(): void {
    this.#stop?.()
    this.#at = Number.NEGATIVE_INFINITY
  }
}

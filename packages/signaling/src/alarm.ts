import type { Clock } from './ports.ts'

/**
 * Wakes its owner at the earliest time it was asked for: one timer, however many deadlines there are. After it has rung
 * the owner says when it is next needed.
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

  /** Rings at `time` (ms since 1970) or before, if it was asked to. */
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

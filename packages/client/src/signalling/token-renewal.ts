import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'

export interface TokenRenewalOptions {
  readonly clock: Clock
  /** Gets another token and shows it to the server. Resolves with its end, on this clock; undefined: it has none. */
  renew(): Promise<number | undefined>
}

/** How much of the time that is left passes before the next try. */
const share = 0.8
const atLeastMs = 5_000
/** Timers hold no more than 24 days, and laptops sleep: looked at again after a while. */
const atMostMs = 3_600_000

/**
 * Renews a token before it ends: after four fifths of what is left of it, and if that fails again after as much of the rest.
 * Ends when there is nothing left.
 */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions
  #stop: Unsubscribe = () => {}
  #round = 0

  constructor(options: TokenRenewalOptions) {
    this.#options = options
  }

  /** A token is in use that ends at `until`, on this clock; undefined: never. */
  begin(until: number | undefined): void {
    this.stop()
    if (until !== undefined) this.#wait(until, until - (until - this.#options.clock.now()) * (1 - share))
  }

  stop(): void {
    this.#round++
    this.#stop()
  }

  #wait(until: number, due: number): void {
    const { clock } = this.#options
    const now = clock.now()
    if (until <= now) return
    this.#stop = clock.after(Math.min(Math.max(due - now, atLeastMs), atMostMs), () => {
      if (clock.now() < due) this.#wait(until, due)
      else this.#renew(until)
    })
  }

  #renew(until: number): void {
    const round = this.#round
    const again = (later: number | undefined) => {
      if (round === this.#round) this.begin(later)
    }
    // A failure is told by nobody: there is time, and the end of the token has an error of its own.
    this.#options.renew().then(again, () => again(until))
  }
}

import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'

export interface TokenRenewalOptions {
  readonly clock: Clock
  /** Gets another token and sends it to the server. Resolves with when it expires, on this clock; undefined: never. */
  renew(): Promise<number | undefined>
}

/** The share of the remaining time that passes before the next attempt. */
const share = 0.8
const atLeastMs = 5_000
/** The longest timer: they overflow after 24 days, and stop while a laptop sleeps. */
const atMostMs = 3_600_000

/**
 * Renews a token before it expires: after four fifths of its remaining time, and if that fails, after four fifths of the rest,
 * and so on until it has expired.
 */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions
  #stop: Unsubscribe = () => {}
  #round = 0

  constructor(options: TokenRenewalOptions) {
    this.#options = options
  }

  /** A new token is in use, which expires at `until` on this clock; undefined: never. */
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
    // A failure is not reported: there is time to try again, and an expired token has an error of its own.
    this.#options.renew().then(again, () => again(until))
  }
}

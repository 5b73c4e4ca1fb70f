/** How fast a token bucket fills and how much it holds. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** A budget that fills with time: `burst` at once, `perSecond` for ever. `now` is in milliseconds. */
export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#at = now
  }

  /** Takes `cost` if there is so much; otherwise takes nothing and says false. */
  take(now: number, cost = 1): boolean {
    if (this.left(now) < cost) return false
    this.#tokens -= cost
    return true
  }

  /** Takes `cost`, which is known only when it is spent: what was not there is a debt, to be filled up first. */
  charge(now: number, cost: number): void {
    this.left(now)
    this.#tokens -= cost
  }

  /** What there is: below zero for a debt. */
  left(now: number): number {
    const { perSecond, burst } = this.#rate
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) * perSecond) / 1000)
    this.#at = now
    return this.#tokens
  }
}

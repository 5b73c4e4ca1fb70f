/** How fast a token bucket fills and how much it holds. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** A token bucket: holds up to `burst`, and is refilled at `perSecond`. `now` is in milliseconds. */
export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#at = now
  }

  /** Takes `cost` if there is enough; otherwise takes nothing and returns false. */
  take(now: number, cost = 1): boolean {
    if (this.left(now) < cost) return false
    this.#tokens -= cost
    return true
  }

  /** Takes a cost that is known only once it has been spent: what was missing becomes a debt, which is refilled first. */
  charge(now: number, cost: number): void {
    this.left(now)
    this.#tokens -= cost
  }

  /** What is left; negative for a debt. */
  left(now: number): number {
    const { perSecond, burst } = this.#rate
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) * perSecond) / 1000)
    this.#at = now
    return this.#tokens
  }
}

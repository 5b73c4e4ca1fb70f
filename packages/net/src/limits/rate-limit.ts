import { sourceKey } from './source-key.ts'

interface Count {
  count: number
  readonly until: number
}

interface RateLimits {
  /** What one source may within `windowMs`; then nothing until it is over. */
  readonly most: number
  readonly windowMs: number
  /** Sources remembered; beyond it the oldest are forgotten. */
  readonly sources: number
}

/**
 * Counts what each source address (see {@link sourceKey}) does, over a window of time; memory is bounded. Pure: `now` is in
 * milliseconds.
 */
export class RateLimit {
  readonly #limits: RateLimits
  readonly #bySource = new Map<string, Count>()

  constructor(limits: RateLimits) {
    this.#limits = limits
  }

  /** Counts one more. 0: it is within the limit; else how long this source has to wait, in milliseconds. */
  take(address: string, now: number): number {
    const source = sourceKey(address)
    const entry = this.#bySource.get(source)
    if (entry && entry.until > now) {
      if (entry.count >= this.#limits.most) return entry.until - now
      entry.count += 1
      return 0
    }
    this.#bySource.delete(source)
    this.#bySource.set(source, { count: 1, until: now + this.#limits.windowMs })
    const [oldest] = this.#bySource.keys()
    if (this.#bySource.size > this.#limits.sources && oldest !== undefined) this.#bySource.delete(oldest)
    return 0
  }
}

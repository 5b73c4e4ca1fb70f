import { type Rate, sourceKey, TokenBucket } from '@parley/net'

/** Somebody who causes costs. */
export interface Spender {
  /** The address it comes from. */
  readonly source: string
  /** A budget of its own: sessions and peers of the relay have one, guests over HTTP do not. */
  readonly costs?: TokenBucket
}

/**
 * Decides who may still cause costs, and who has to wait. Each spender has a budget of its own, and all those of one source
 * address share a larger one, because anybody can make more spenders. While a source is in debt, those who spend little go on:
 * only those who have used more than half of their own budget have to wait. Pure; `now` is in ms.
 */
export class Spending {
  readonly #own: Rate
  readonly #shared: Rate
  readonly #sources = new Map<string, TokenBucket>()

  constructor(own: Rate, shared: Rate) {
    this.#own = own
    this.#shared = shared
  }

  /** How many sources are not back at a full budget. */
  get sources(): number {
    return this.#sources.size
  }

  /** A budget for a new spender. */
  budget(now: number): TokenBucket {
    return new TokenBucket(this.#own, now)
  }

  may({ costs, source }: Spender, now: number): boolean {
    const left = costs?.left(now) ?? 0
    if (costs && (left <= 0 || left > this.#own.burst / 2)) return left > 0
    return (this.#sources.get(sourceKey(source))?.left(now) ?? this.#shared.burst) > 0
  }

  charge({ costs, source }: Spender, now: number, bytes: number): void {
    if (bytes === 0) return
    costs?.charge(now, bytes)
    const key = sourceKey(source)
    const shared = this.#sources.get(key) ?? new TokenBucket(this.#shared, now)
    this.#sources.set(key, shared)
    shared.charge(now, bytes)
  }

  /** Forgets sources with a full budget; call it every few seconds. */
  sweep(now: number): void {
    for (const [key, shared] of this.#sources) if (shared.left(now) >= this.#shared.burst) this.#sources.delete(key)
  }
}

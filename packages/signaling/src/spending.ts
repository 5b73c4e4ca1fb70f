import { type Rate, sourceKey, TokenBucket } from '@parley/net'

/** Who causes costs. */
export interface Spender {
  /** The address it comes from. */
  readonly source: string
  /** Its own budget: a session's, or that of a peer of the relay. Who comes by HTTP has none. */
  readonly costs?: TokenBucket
}

/**
 * Who may still cause costs, and who has to wait. Each spender has a budget of its own, and all of one source address share a
 * larger one, since spenders are free to make. A source in debt does not silence those of it who spend little: only who has
 * spent more than half of their own. Pure; `now` is in ms.
 */
export class Spending {
  readonly #own: Rate
  readonly #shared: Rate
  readonly #sources = new Map<string, TokenBucket>()

  constructor(own: Rate, shared: Rate) {
    this.#own = own
    this.#shared = shared
  }

  /** Sources that have not paid everything off. */
  get sources(): number {
    return this.#sources.size
  }

  /** A budget for somebody new. */
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

  /** Forgets who has paid off; to be called every few seconds. */
  sweep(now: number): void {
    for (const [key, shared] of this.#sources) if (shared.left(now) >= this.#shared.burst) this.#sources.delete(key)
  }
}

/** A random number generator, 0 to below 1, that repeats its numbers for the same seed (mulberry32). Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000
  }
}

/** What a link does to what is sent over it. Shares are 0 to 1, and default to 0. */
export interface LossyLinkOptions {
  /** Decides everything that happens by chance, 0 to below 1; a link with the same numbers does the same. */
  readonly random: () => number
  readonly delayMs?: number
  /** The most that is added to the delay; does not change the order. */
  readonly jitterMs?: number
  /** Share that is lost. */
  readonly loss?: number
  /** Share that arrives twice. */
  readonly duplication?: number
  /** Share that is overtaken, because it is held back by up to `reorderingMs` more (default 30). */
  readonly reordering?: number
  readonly reorderingMs?: number
}

interface InFlight<T> {
  readonly value: T
  readonly at: number
}

/**
 * One direction of a bad network, in virtual time (`now` in ms): loses, delays, duplicates and reorders, the same way for
 * the same seed. Its options may be changed while it runs.
 *
 * @example
 * const link = new LossyLink<Uint8Array>({ random: seededRandom(1), loss: 0.1, delayMs: 20 })
 * link.send(bytes, 0)
 * link.nextTimeout() // 20
 * link.receive(20) // bytes, unless lost
 */
export class LossyLink<T> {
  options: LossyLinkOptions
  /** By time of arrival; those at the same time in the order they were sent. */
  readonly #inFlight: InFlight<T>[] = []
  #lastInOrder = Number.NEGATIVE_INFINITY

  constructor(options: LossyLinkOptions) {
    this.options = options
  }

  /** How many are under way. */
  get inFlight(): number {
    return this.#inFlight.length
  }

  send(value: T, now: number): void {
    const { random, loss = 0, duplication = 0 } = this.options
    if (random() < loss) return
    this.#put(value, now)
    if (random() < duplication) this.#put(value, now)
  }

  /** When the next one arrives; Infinity if nothing is under way. */
  nextTimeout(): number {
    return this.#inFlight[0]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Takes the next one that has arrived by now; undefined: there is none. */
  receive(now: number): T | undefined {
    return this.nextTimeout() <= now ? this.#inFlight.shift()?.value : undefined
  }

  #put(value: T, now: number): void {
    const { random, delayMs = 0, jitterMs = 0, reordering = 0, reorderingMs = 30 } = this.options
    let at = Math.max(this.#lastInOrder, now + delayMs + jitterMs * random())
    if (random() < reordering) at += reorderingMs * random()
    else this.#lastInOrder = at
    let place = this.#inFlight.length
    while (place > 0 && (this.#inFlight[place - 1] as InFlight<T>).at > at) place--
    this.#inFlight.splice(place, 0, { value, at })
  }
}

/** Packets missing at once, at most; with more, only a key frame helps. */
const capacity = 512
/** Numbers in one NACK, at most: 16 entries of a first and a mask. */
const perRequest = 256
const tolerance = { leastMs: 10, mostMs: 80, decay: 0.9 } as const
const maxTries = 8
const maxAgeMs = 1000
const firstRttMs = 100
const leastRetryMs = 20

/**
 * Decides which packets of a publisher's to report missing, and when to ask again (RFC 4585 §6.2.1): after a while in
 * which they may merely come out of order, then once a round trip, and not for ever. The while follows the reordering
 * that is seen, the round trip the answers to first requests. Pure; `now` is in milliseconds.
 *
 * @example
 * nack.missing(2, 4, 0) // 2 and 3 are not there
 * nack.due(10) // 2, and `numbers` begins with 2, 3
 */
export class NackGenerator {
  /** What to ask for, in ascending order, after {@link due}. */
  readonly numbers: number[] = []
  /** Packets that were given up, so far. */
  abandoned = 0
  readonly #extended = new Float64Array(capacity)
  readonly #since = new Float64Array(capacity)
  readonly #askedAt = new Float64Array(capacity)
  readonly #tries = new Uint8Array(capacity)
  #count = 0
  #toleranceMs: number = tolerance.leastMs
  #rttMs = firstRttMs
  #nextAt = Number.POSITIVE_INFINITY

  /** When {@link due} has something to say; Infinity: nothing is missing. */
  get nextAt(): number {
    return this.#nextAt
  }

  /** Between asking and getting, smoothed; ms. */
  get rttMs(): number {
    return this.#rttMs
  }

  /** Extended numbers from `first` up to but without `end` were passed over. */
  missing(first: number, end: number, now: number): void {
    if (this.#count + end - first > capacity) {
      this.abandoned += this.#count + end - first
      this.clear()
      return
    }
    for (let extended = first; extended < end; extended++) {
      const i = this.#count++
      this.#extended[i] = extended
      this.#since[i] = now
      this.#askedAt[i] = Number.NEGATIVE_INFINITY
      this.#tries[i] = 0
    }
    this.#nextAt = Math.min(this.#nextAt, now + this.#toleranceMs)
  }

  /** One that was passed over is there now: on its own, or as a retransmission. */
  arrived(extended: number, retransmitted: boolean, now: number): void {
    const i = this.#find(extended)
    if (i < 0) return
    const tries = this.#tries[i] as number
    if (!retransmitted && tries === 0) {
      const lateMs = now - (this.#since[i] as number)
      this.#toleranceMs = Math.min(tolerance.mostMs, Math.max(this.#toleranceMs * tolerance.decay, lateMs * 1.2))
      this.#toleranceMs = Math.max(tolerance.leastMs, this.#toleranceMs)
    } else if (tries === 1) {
      // The answer to a second request could be that to the first (Karn).
      this.#rttMs += (now - (this.#askedAt[i] as number) - this.#rttMs) / 8
    }
    this.#remove(i, 1)
  }

  /** It is not needed any more. */
  recovered(extended: number): void {
    const i = this.#find(extended)
    if (i >= 0) this.#remove(i, 1)
  }

  /** Puts what to ask for now into `numbers`; says how many. Those given up are counted in `abandoned`. */
  due(now: number): number {
    this.numbers.length = 0
    this.#nextAt = Number.POSITIVE_INFINITY
    const retryMs = Math.max(leastRetryMs, 1.2 * this.#rttMs)
    for (let i = 0; i < this.#count; i++) {
      const tries = this.#tries[i] as number
      const since = this.#since[i] as number
      if (now - since >= maxAgeMs || tries >= maxTries) {
        this.abandoned++
        this.#remove(i--, 1)
        continue
      }
      const at = tries === 0 ? since + this.#toleranceMs : (this.#askedAt[i] as number) + retryMs
      if (at > now) this.#nextAt = Math.min(this.#nextAt, at)
      else if (this.numbers.length === perRequest) this.#nextAt = now
      else {
        this.numbers.push((this.#extended[i] as number) % 0x10000)
        this.#askedAt[i] = now
        this.#tries[i] = tries + 1
        this.#nextAt = Math.min(this.#nextAt, now + retryMs)
      }
    }
    return this.numbers.length
  }

  /** Those before this one are not needed any more: a key frame makes up for them. */
  forgetBefore(extended: number): void {
    let count = 0
    while (count < this.#count && (this.#extended[count] as number) < extended) count++
    this.#remove(0, count)
  }

  /** Nothing is missing any more: nobody listens, or a new numbering has begun. */
  clear(): void {
    this.#count = 0
    this.#nextAt = Number.POSITIVE_INFINITY
  }

  #find(extended: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#extended[middle] as number) < extended) low = middle + 1
      else high = middle
    }
    return low < this.#count && this.#extended[low] === extended ? low : -1
  }

  #remove(at: number, count: number): void {
    if (count === 0) return
    this.#extended.copyWithin(at, at + count, this.#count)
    this.#since.copyWithin(at, at + count, this.#count)
    this.#askedAt.copyWithin(at, at + count, this.#count)
    this.#tries.copyWithin(at, at + count, this.#count)
    this.#count -= count
    if (this.#count === 0) this.#nextAt = Number.POSITIVE_INFINITY
  }
}

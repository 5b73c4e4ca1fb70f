import type { Usage } from './trendline.ts'

/** What is left of the acknowledged rate when the queue grows. */
const decrease = 0.9
/** Growth a second, while the link's capacity is not known. */
const fastGrowth = 0.08
/** Growth a second as a share of the capacity, near it. */
const slowGrowth = 0.025
/** Near the capacity is between these shares of it. */
const nearFrom = 0.75
const nearTo = 1.08
/** Above what is acknowledged the estimate only grows so far: what was not tried is not known. */
const untested = 1.1
const untestedBps = 10_000
/** With a queue like this there is no growth; ms. */
const calmQueueMs = 25
/** A queue like this is too long, whether or not it grows; ms. */
const longQueueMs = 100
/** A queue that stays long for so long after what we took back must have shown is somebody else's; ms. */
const foreignAfterMs = 1500
/** A queue that shrinks at least like this is our own, which we let run empty; ms per ms. */
const draining = -0.03
/** Beside others: what is left of the rate when the queue grows, and the growth per round trip, in bits. */
const decreaseBesideOthers = 0.93
const growthBesideOthers = 9600
/** Beside others, growth of delay does not press us below this share of what we had before. Loss does. */
const leastBesideOthers = 0.3
/** An estimate that is so far off need not wait for the last decrease to show. */
const farOff = 0.7
/** With a queue shorter than this, growth of delay is taken for noise; ms. */
const noiseMs = 8

export interface RateControlInput {
  readonly usage: Usage
  /** Growth of the queue, ms per ms. */
  readonly slope: number
  readonly queueMs: number
  /** Of late, at most some 200 ms back; NaN: not known. */
  readonly acknowledgedBps: number
  readonly roundTripMs: number
}

/**
 * The delay-based estimate: grows while the link's queue is short, and falls to a share of what the link has delivered when
 * the queue grows (draft-ietf-rmcat-gcc-02 §5.5). Near a capacity that it has met it grows slowly.
 */
export class RateControl {
  bps: number
  #capacityBps = Number.NaN
  #updatedAt = Number.NaN
  #decreasedAt = Number.NEGATIVE_INFINITY
  #longSince = Number.NaN
  #foreign = false
  /** The estimate when the queue was short. */
  #calmBps = 0

  constructor(bps: number) {
    this.bps = bps
  }

  /** When it last fell; ms. */
  get decreasedAt(): number {
    return this.#decreasedAt
  }

  /** Somebody else keeps the queue long. */
  get foreignQueue(): boolean {
    return this.#foreign
  }

  /** Was measured otherwise, by a probe. */
  set(bps: number): void {
    this.bps = bps
    if (bps > this.#capacityBps * nearTo) this.#capacityBps = Number.NaN
  }

  update(input: RateControlInput, now: number): void {
    const elapsed = Number.isNaN(this.#updatedAt) ? 0 : Math.min(now - this.#updatedAt, 1000) / 1000
    this.#updatedAt = now
    const { usage, queueMs } = input
    this.#judgeQueue(input, now)
    const tooLong = queueMs > longQueueMs && usage !== 'underuse' && !this.#foreign
    const grows = usage === 'overuse' && queueMs > noiseMs
    if (tooLong || grows) this.#decrease(input, now)
    else if (usage === 'normal' && (queueMs < calmQueueMs || this.#foreign)) this.#increase(input, elapsed)
  }

  #judgeQueue({ queueMs, slope, roundTripMs }: RateControlInput, now: number): void {
    if (queueMs > longQueueMs) {
      if (Number.isNaN(this.#longSince) || slope < draining) this.#longSince = now
      if (now - this.#longSince > foreignAfterMs + queueMs + roundTripMs) this.#foreign = true
      if (this.#foreign) this.bps = Math.max(this.bps, leastBesideOthers * this.#calmBps)
    } else {
      this.#longSince = Number.NaN
      if (queueMs < calmQueueMs) {
        this.#foreign = false
        this.#calmBps = this.bps
      }
    }
  }

  #decrease({ acknowledgedBps, roundTripMs, queueMs }: RateControlInput, now: number): void {
    if (Number.isNaN(acknowledgedBps)) return
    // Until then nothing that was sent after the last decrease has arrived.
    const shown = now - this.#decreasedAt >= Math.max(roundTripMs + queueMs, 50)
    if (!shown && (this.#foreign || acknowledgedBps > farOff * this.bps)) return
    const known = this.#capacityBps
    const near = acknowledgedBps > known * nearFrom && acknowledgedBps < known * nearTo
    this.#capacityBps = near ? known + 0.3 * (acknowledgedBps - known) : acknowledgedBps
    const lowered = this.#foreign ? decreaseBesideOthers * this.bps : decrease * acknowledgedBps
    if (lowered < this.bps) {
      this.bps = lowered
      this.#decreasedAt = now
    }
  }

  #increase({ acknowledgedBps, queueMs, roundTripMs }: RateControlInput, elapsed: number): void {
    if (Number.isNaN(acknowledgedBps)) return
    const capacity = this.#capacityBps
    const near = this.bps > capacity * nearFrom && this.bps < capacity * nearTo
    if (this.bps >= capacity * nearTo) this.#capacityBps = Number.NaN
    const perSecond = this.#foreign
      ? (1000 * growthBesideOthers) / (roundTripMs + queueMs)
      : near
        ? slowGrowth * capacity
        : fastGrowth * this.bps
    const most = untested * acknowledgedBps + untestedBps
    this.bps = Math.max(this.bps, Math.min(this.bps + elapsed * perSecond, most))
  }
}

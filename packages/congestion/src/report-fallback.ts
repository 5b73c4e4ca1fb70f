/** Loss above which the rate falls, and below which it grows (draft-ietf-rmcat-gcc-02 §6). */
const heavyLoss = 0.1
const noLoss = 0.02
const growth = 0.08
/** Growth a second until the first loss. */
const firstGrowth = 0.4
/** A receiver tells its estimate about once a second; after so long it is forgotten; ms. */
const rembKeptMs = 10_000
/** Reports come every few seconds, at most so much time is counted; ms. */
const longestReportMs = 5000
const reactionMs = 300

/**
 * The estimate for a receiver without transport-wide feedback: from the loss that its receiver reports tell, and what it estimates
 * itself (REMB, draft-alvestrand-rmcat-remb-03).
 */
export class ReportFallback {
  #bps: number
  readonly #leastBps: number
  #growth = firstGrowth
  #reportedAt = Number.NaN
  #decreasedAt = Number.NEGATIVE_INFINITY
  #rembBps = Number.POSITIVE_INFINITY
  #rembUntil = Number.NEGATIVE_INFINITY

  constructor(bps: number, leastBps: number) {
    this.#bps = bps
    this.#leastBps = leastBps
  }

  bps(now: number): number {
    return Math.min(this.#bps, this.capBps(now))
  }

  /** What the receiver has asked not to exceed; Infinity: nothing. */
  capBps(now: number): number {
    return now < this.#rembUntil ? this.#rembBps : Number.POSITIVE_INFINITY
  }

  remb(bps: number, now: number): void {
    this.#rembBps = bps
    this.#rembUntil = now + rembKeptMs
    // The receiver knows more than reports tell: what they showed may follow it.
    if (bps > this.#bps) this.#bps = bps
  }

  receiverReport(fractionLost: number, roundTripMs: number, mostBps: number, now: number): void {
    const elapsedMs = Number.isNaN(this.#reportedAt) ? 0 : Math.min(now - this.#reportedAt, longestReportMs)
    this.#reportedAt = now
    if (fractionLost > heavyLoss) {
      if (now - this.#decreasedAt < reactionMs + roundTripMs) return
      this.#decreasedAt = now
      this.#growth = growth
      this.#bps = Math.max(this.#leastBps, this.#bps * (1 - 0.5 * Math.min(fractionLost, 1)))
    } else if (fractionLost < noLoss) {
      const grown = this.#bps * (1 + this.#growth) ** (elapsedMs / 1000)
      this.#bps = Math.max(this.#bps, Math.min(grown, mostBps))
    }
  }
}

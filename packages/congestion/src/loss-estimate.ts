/** Losses are counted over at least this time and this many packets, or over the longest time; ms. */
const windowMs = 250
const leastPackets = 15
const longestWindowMs = 2000
/** More loss than this in two windows, or more than the lower share in three, says that the rate is too high: a burst is shorter. */
const heavyLoss = 0.1
const lightLoss = 0.04
const heavyWindows = 2
const lightWindows = 3
/** What is left of the acknowledged rate. */
const decrease = 0.95
/** Loss that is no lower than this share of what it was, although less is sent, is the link's own. */
const unchanged = 0.6
/** The link's own loss is forgotten by this share a window when less is seen. */
const forgetting = 0.05
/** Growth of the limit a second. */
const growth = 0.03
/** Beside others, whose bursts make us lose packets too: what is left of the limit at least, and its growth a second. */
const leastBesideOthers = 0.7
const growthBesideOthers = 0.1

/** What was not tried is not known: the limit grows to this multiple of what was acknowledged. */
const untested = 1.1
/** Light loss says something of an estimate of which so much is used. */
const testedShare = 0.7

export interface LossInput {
  /** Of late; NaN: not known. */
  readonly acknowledgedBps: number
  readonly delayBasedBps: number
  /** Until a change of what is sent shows in a report. */
  readonly reactionMs: number
  /** Others keep the link's queue long. */
  readonly besideOthers: boolean
}

interface Trial {
  readonly loss: number
  readonly limitBefore: number
  /** What is sent from here on shows whether it helped; ms. */
  readonly judgedFrom: number
}

/**
 * The loss-based estimate: where queues are short, or a policer drops what is above its rate, loss is all that tells. A link
 * may lose packets whatever is sent: the estimate tries whether sending less helps, and if it does not, takes so much loss for
 * the link's own.
 */
export class LossEstimate {
  /** Not above this; Infinity: loss says nothing. */
  limitBps = Number.POSITIVE_INFINITY
  /** When the limit last fell; ms. */
  decreasedAt = Number.NEGATIVE_INFINITY
  /** Share that the link loses whatever is sent. */
  ownLoss = 0
  #lost = 0
  #received = 0
  #began = Number.NaN
  /** Windows with so much loss in a row. */
  #heavy = 0
  #light = 0
  #trial: Trial | undefined
  /** The last window's share of packets lost, 0 to 1. */
  fractionLost = 0

  /** What a report says. Late arrivals take back a loss. */
  count(received: number, lost: number): void {
    this.#received += received
    this.#lost = Math.max(0, this.#lost + lost)
  }

  /** The report is read. */
  update(input: LossInput, now: number): void {
    if (Number.isNaN(this.#began)) this.#began = now
    const elapsedMs = now - this.#began
    const total = this.#received + this.#lost
    if (elapsedMs < windowMs || (total < leastPackets && elapsedMs < longestWindowMs) || total === 0) return
    const loss = this.#lost / total
    this.fractionLost = loss
    const from = this.#began
    this.#began = now
    this.#received = 0
    this.#lost = 0
    if (loss < this.ownLoss) this.ownLoss += forgetting * (loss - this.ownLoss)
    if (this.#trial) {
      if (from < this.#trial.judgedFrom) return
      this.#judge(this.#trial, loss)
    }
    this.#react(loss, total, elapsedMs, input, now)
  }

  /** A probe has shown that the link carries this. */
  raise(bps: number): void {
    if (this.limitBps < bps) this.limitBps = bps
  }

  #judge(trial: Trial, loss: number): void {
    this.#trial = undefined
    if (loss < unchanged * trial.loss) return
    this.ownLoss = Math.max(this.ownLoss, (loss + trial.loss) / 2)
    this.limitBps = trial.limitBefore
  }

  #react(loss: number, total: number, elapsedMs: number, input: LossInput, now: number): void {
    const { acknowledgedBps, delayBasedBps, reactionMs, besideOthers } = input
    const limit = Math.min(this.limitBps, delayBasedBps)
    const own = this.ownLoss
    const excess = (loss - own) / (1 - own)
    const chance = 2 * Math.sqrt((own * (1 - own)) / total)
    const tested = acknowledgedBps > testedShare * limit
    this.#heavy = excess > heavyLoss + chance ? this.#heavy + 1 : 0
    this.#light = tested && excess > lightLoss + chance ? this.#light + 1 : 0
    if (!Number.isNaN(acknowledgedBps) && (this.#heavy >= heavyWindows || this.#light >= lightWindows)) {
      this.#trial = { loss, limitBefore: this.limitBps, judgedFrom: now + reactionMs }
      const lowered = Math.min(limit, decrease * acknowledgedBps)
      this.limitBps = besideOthers ? Math.max(lowered, leastBesideOthers * limit) : lowered
      this.decreasedAt = now
      this.#heavy = 0
      this.#light = 0
    } else if (excess < lightLoss) {
      const grown = this.limitBps * (1 + ((besideOthers ? growthBesideOthers : growth) * elapsedMs) / 1000)
      this.limitBps = Math.max(this.limitBps, Math.min(grown, untested * acknowledgedBps))
      if (grown > delayBasedBps) this.limitBps = Number.POSITIVE_INFINITY
    }
  }
}

import type { TransportFeedback } from '@parley/rtp'
import { AcknowledgedRate } from './acknowledged-rate.ts'
import { LossEstimate } from './loss-estimate.ts'
import { PacketGroups } from './packet-groups.ts'
import { mostOwnLoss, Probes } from './probes.ts'
import { QueueDelay } from './queue-delay.ts'
import { RateControl } from './rate-control.ts'
import { ReportFallback } from './report-fallback.ts'
import { type FeedbackVisitor, SendHistory } from './send-history.ts'
import { Trendline } from './trendline.ts'

/** Windows of the acknowledged rate: of late, and for what is usual; ms. */
const lateMs = 200
const usualMs = 600
/** A link that is full for so long has shown what it carries, also if little was sent before; ms. */
const burstMs = 70
/** A receiver's clock that jumps by more than this was set anew; ms. */
const clockJumpMs = 5000
/** A queue up to this does not shorten what is sent; the rest is to be gone after so long; ms. */
const toleratedQueueMs = 60
const drainMs = 600
const leastDrain = 0.5
/** No probe is sent while the queue is longer than this; ms. */
const calmQueueMs = 40
/** Without a report for so long, what was reported before is old: what is sent is halved, again and again; ms. */
const silenceMs = 600
const reactionMs = 150
/** Who has been sent packets for so long, and has told nothing of their arrival, will not: then nothing is known; ms. */
const unheardMs = 2000
/** Loss so soon after the queue grew came from that; ms. */
const queueLossMs = 2000

export interface LinkEstimateOptions {
  readonly now: number
  /** What the link is taken to carry to begin with. Default 300,000. */
  readonly firstBps?: number
  /** The estimate stays between these. Defaults 30,000 and 100,000,000. */
  readonly leastBps?: number
  readonly mostBps?: number
}

/**
 * What one receiver's link carries: estimated from the growth of its queue, from loss and by probes, with transport-wide feedback; and
 * from receiver reports and REMB without it. Pure: `now` is in ms, on any clock that does not jump.
 *
 * @example
 * const link = new LinkEstimate({ now })
 * link.sent(transportSequenceNumber, bytes, now) // every RTP packet that leaves
 * link.feedback(report, now) // transport-wide feedback
 * for (let bytes = link.probe(now); bytes > 0; bytes = link.probe(now)) sendPadding(bytes) // calls link.sent
 * pacer.targetBps = link.targetBps
 */
export class LinkEstimate {
  readonly #history = new SendHistory()
  readonly #rate = new AcknowledgedRate()
  readonly #groups = new PacketGroups()
  readonly #trend = new Trendline()
  readonly #queue = new QueueDelay()
  readonly #control: RateControl
  readonly #loss = new LossEstimate()
  readonly #probes: Probes
  readonly #fallback: ReportFallback
  readonly #visitor: FeedbackVisitor
  readonly #leastBps: number
  readonly #mostBps: number
  #clockOffset = Number.NaN
  #roundTripMs = 100
  #feedbackAt = Number.NaN
  /** When the first packet left that no report has spoken of since; NaN: none. */
  #waitsSince = Number.NaN
  #silenced = 1
  #firstSentAt = Number.POSITIVE_INFINITY
  /** Whether the receiver has told anything of its link. */
  #isHeard = false
  #lastNow: number
  // Of the report that is read.
  #received = 0
  #lost = 0
  #latestSentAt = 0

  constructor({ now, firstBps = 300_000, leastBps = 30_000, mostBps = 100_000_000 }: LinkEstimateOptions) {
    this.#lastNow = now
    this.#leastBps = leastBps
    this.#mostBps = mostBps
    this.#control = new RateControl(firstBps)
    this.#probes = new Probes(firstBps, now)
    this.#fallback = new ReportFallback(firstBps, leastBps)
    this.#visitor = {
      acknowledged: (sentAt, arrivedAt, bytes, cluster, late) =>
        this.#acknowledged(sentAt, arrivedAt, bytes, cluster, late),
      lost: (_bytes, cluster) => {
        this.#lost++
        if (cluster > 0) this.#probes.lost(cluster)
      },
      presumed: (bytes, cluster) => {
        this.#rate.presumed(bytes)
        if (cluster > 0) this.#probes.spoiled(cluster)
      },
    }
  }

  /** The most that would be sent if the link carried it, in bit/s: without more, there are no probes. */
  set wantedBps(bps: number) {
    this.#probes.wantedBps = Math.min(bps, this.#mostBps)
  }

  /** What the link is taken to carry: `mostBps` if the receiver tells nothing of it. */
  get estimateBps(): number {
    if (this.#isUnheard) return this.#mostBps
    const bps = this.#reported
      ? Math.min(this.#control.bps, this.#loss.limitBps, this.#fallback.capBps(this.#lastNow))
      : this.#fallback.bps(this.#lastNow)
    return Math.min(Math.max(bps, this.#leastBps), this.#mostBps)
  }

  /** What is to be sent: the estimate, less what lets a long queue run empty, or while no reports come. */
  get targetBps(): number {
    const excessMs = this.#control.foreignQueue ? 0 : this.#queue.ms - toleratedQueueMs
    const drain = Math.min(1, Math.max(leastDrain, 1 - excessMs / drainMs))
    return Math.max(this.#leastBps, drain * this.#silenced * this.estimateBps)
  }

  /** At what rate packets have arrived of late, in bit/s; 0: nothing is known. */
  get acknowledgedBps(): number {
    const bps = this.#rate.bps(usualMs)
    return Number.isNaN(bps) ? 0 : bps
  }

  /** How long packets wait in the link's queue, ms. */
  get queueMs(): number {
    return this.#queue.ms
  }

  /** Share of packets lost of late, 0 to 1. */
  get fractionLost(): number {
    return this.#loss.fractionLost
  }

  get roundTripMs(): number {
    return this.#roundTripMs
  }

  /** A packet has left. `bytes`: what the link carries of it. */
  sent(sequenceNumber: number, bytes: number, now: number): void {
    this.#history.sent(sequenceNumber, bytes, now, this.#probes.cluster(now))
    this.#probes.sent(bytes, now)
    if (Number.isNaN(this.#waitsSince)) this.#waitsSince = now
    if (now < this.#firstSentAt) this.#firstSentAt = now
  }

  /** Transport-wide feedback has come. */
  feedback(report: TransportFeedback, now: number): void {
    this.#lastNow = now
    this.#received = 0
    this.#lost = 0
    this.#latestSentAt = Number.NEGATIVE_INFINITY
    if (this.#history.feedback(report, this.#visitor) === 0) return
    this.#feedbackAt = now
    this.#isHeard = true
    this.#silenced = 1
    this.#waitsSince = this.#history.inFlightBytes > 0 ? now : Number.NaN
    if (this.#latestSentAt > Number.NEGATIVE_INFINITY) this.#measureRoundTrip(now - this.#latestSentAt)
    this.#queue.update(now)
    this.#loss.count(this.#received, this.#lost)
    this.#update(now)
  }

  /** The receiver asks to be sent no more than this in total. */
  remb(bps: number, now: number): void {
    this.#lastNow = now
    this.#isHeard = true
    this.#fallback.remb(bps, now)
  }

  /** A receiver report of any stream; `fractionLost` is 0 to 1. Of use as long as there is no transport-wide feedback. */
  receiverReport(fractionLost: number, roundTripMs: number, now: number): void {
    this.#lastNow = now
    if (this.#reported) return
    this.#isHeard = true
    this.#roundTripMs = roundTripMs
    this.#fallback.receiverReport(fractionLost, roundTripMs, this.#probes.wantedBps, now)
  }

  /** How large a packet of padding (or a packet sent again) is to leave now for a probe, in bytes; 0: none. */
  probe(now: number): number {
    const late = this.#rate.bps(usualMs)
    const calm = this.#queue.ms < calmQueueMs || this.#control.foreignQueue
    return this.#probes.due(this.estimateBps, Number.isNaN(late) ? 0 : late, calm, now)
  }

  /** When to ask {@link probe}, and to call {@link handleTimeout}, at the latest. */
  nextTimeout(): number {
    const silence = this.#reported && !Number.isNaN(this.#waitsSince) ? this.#silentAt() : Number.POSITIVE_INFINITY
    const unheard = this.#isHeard || this.#isUnheard ? Number.POSITIVE_INFINITY : this.#firstSentAt + unheardMs
    return Math.min(this.#probes.nextTimeout(this.estimateBps), silence, unheard)
  }

  /** Notices that reports have stopped: what was right then need not be so now. */
  handleTimeout(now: number): void {
    this.#lastNow = now
    if (!this.#reported || Number.isNaN(this.#waitsSince) || now < this.#silentAt()) return
    this.#silenced = Math.max(this.#silenced / 2, 1 / 16)
    this.#waitsSince = now
  }

  get #isUnheard(): boolean {
    return !this.#isHeard && this.#lastNow - this.#firstSentAt >= unheardMs
  }

  get #reported(): boolean {
    return !Number.isNaN(this.#feedbackAt)
  }

  #silentAt(): number {
    return this.#waitsSince + Math.max(silenceMs, 3 * this.#roundTripMs)
  }

  #acknowledged(sentAt: number, arrivedAt: number, bytes: number, cluster: number, late: boolean): void {
    this.#received++
    const delay = arrivedAt - sentAt
    if (Math.abs(delay - this.#clockOffset) > clockJumpMs) this.#restart()
    this.#clockOffset = delay
    this.#rate.arrived(arrivedAt, bytes)
    if (sentAt > this.#latestSentAt) this.#latestSentAt = sentAt
    if (cluster > 0) this.#probes.acknowledged(cluster, arrivedAt, bytes)
    if (late) return
    if (cluster === 0) this.#queue.add(delay)
    const groups = this.#groups
    if (cluster === 0 && groups.add(sentAt, arrivedAt)) {
      this.#trend.add(groups.delayGrowthMs, groups.departureMs, groups.arrivedAt)
    }
  }

  /** The receiver's clock was set: what was known of delays is void. */
  #restart(): void {
    this.#rate.reset()
    this.#groups.reset()
    this.#trend.reset()
    this.#queue.reset()
  }

  #measureRoundTrip(sampleMs: number): void {
    // Reports wait for their time: the shortest is the path's. It follows upwards slowly.
    const now = this.#roundTripMs
    this.#roundTripMs = sampleMs < now ? sampleMs : now + 0.05 * (sampleMs - now)
  }

  #update(now: number): void {
    const before = this.estimateBps
    // In terms of what is sent: what the link loses whatever is sent is made up for.
    const kept = 1 - Math.min(this.#loss.ownLoss, mostOwnLoss)
    const acknowledgedBps = latest(this.#rate.bps(lateMs), this.#rate.bps(burstMs)) / kept
    const delayed = this.#control.decreasedAt
    const lossy = this.#loss.decreasedAt
    this.#control.update(
      {
        usage: this.#trend.usage,
        slope: this.#trend.slope,
        queueMs: this.#queue.ms,
        acknowledgedBps,
        roundTripMs: this.#roundTripMs,
      },
      now,
    )
    this.#loss.update(
      {
        acknowledgedBps: this.#rate.bps(usualMs) / kept,
        delayBasedBps: this.#control.bps,
        reactionMs: this.#roundTripMs + this.#queue.ms + reactionMs,
        besideOthers: this.#control.foreignQueue,
      },
      now,
    )
    const shown = this.#probes.result(this.#loss.ownLoss, now)
    const byLoss = this.#loss.decreasedAt > lossy
    // Loss out of a queue that grew is not what a policer does.
    const policed = byLoss && now - this.#control.decreasedAt > queueLossMs
    if (byLoss || this.#control.decreasedAt > delayed) this.#probes.dropped(policed, now)
    else if (!Number.isNaN(shown)) this.#take(shown, before, now)
  }

  #take(shown: number, before: number, now: number): void {
    if (shown > before) {
      this.#control.set(shown)
      this.#loss.raise(shown)
      this.#probes.raised(now)
    } else {
      // What is sent now and arrives is not to be doubted.
      const usual = this.#rate.bps(usualMs)
      const lowered = Math.max(shown, Number.isNaN(usual) ? before : usual)
      if (lowered < before) this.#control.set(lowered)
    }
  }
}

/** NaN: not known. */
function latest(late: number, burst: number): number {
  return Number.isNaN(burst) ? late : Math.max(late, burst)
}

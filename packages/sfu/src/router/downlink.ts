import { Allocation, classes, LinkEstimate, lanes, type StreamDemand } from '@parley/congestion'
import { headerExtensions, type TransportFeedback } from '@parley/rtp'
import type { SubscribedMedia, Want } from '../control.ts'
import { Alarm, type Alarms } from './alarms.ts'
import { Departures } from './departures.ts'
import type { Follower } from './follower.ts'
import type { Layer } from './layers.ts'
import type { Subscription } from './subscription.ts'

/** What a link that carries too little does to the pictures; `starved`: hardly any picture is possible. */
export type Shortage = 'none' | 'smaller' | 'stopped' | 'starved'

/** Between allocations, when nothing else calls for one. */
const intervalMs = 200
/** What falls by more calls for another at once. */
const notable = 0.9
/** Headers, protection and retransmissions, on top of payloads. */
const overhead = 1.08
/** With less than this, for so long, even the smallest picture is poor. */
const starved = { bps: 150_000, ms: 8000 } as const
/** What sound takes. */
const audioBps = 40_000
/** What the lowest layer is taken to need until it is measured; and each that is higher. */
const unmeasured = { firstBps: 150_000, factor: 3 } as const
/** A picture is sent for so long, whatever the estimate, unless the link shows that it is full: what arrives is then proven. */
const trialMs = 3000
/** A link is full that delivers so much less than what is sent, in so many measurements in a row: what has just begun arrives later. */
const full = { delivered: 0.8, times: 2 } as const
/** What is sent is measured over so long, at least. */
const measureMs = 700

const ofPriority: Readonly<Record<Want['priority'], Pick<StreamDemand<unknown>, 'priority' | 'weight'>>> = {
  high: { priority: classes.speaker, weight: 1 },
  normal: { priority: classes.others, weight: 2 },
  low: { priority: classes.others, weight: 1 },
}

/**
 * One receiver's link: estimates what it carries, and shares that among what it follows, by priority. Where the receiver tells nothing
 * of its link everybody gets what they want.
 */
export class Downlink {
  readonly departures: Departures
  readonly #alarms: Alarms
  readonly #subscriptions: ReadonlySet<Subscription>
  readonly #allocation = new Allocation<Follower>()
  readonly #alarm = new Alarm(now => this.#tick(now))
  #link: LinkEstimate | undefined
  /** Since when each is on trial. */
  readonly #trials = new Map<Follower, number>()
  #measuredAt = 0
  #measuredBytes = 0
  #shortfalls = 0
  #reportedLoss: number | undefined
  /** Measured by receiver reports; undefined: not yet. */
  roundTripMs: number | undefined
  /** Pictures are smaller than wanted, or stopped, since the link carries no more. */
  shortage: Shortage = 'none'
  #thinSince = Number.NaN
  #allocatedBps = 0
  #allocateAt = 0

  constructor(alarms: Alarms, subscriptions: ReadonlySet<Subscription>) {
    this.#alarms = alarms
    this.#subscriptions = subscriptions
    this.departures = new Departures(alarms)
  }

  /** What the link is taken to carry; undefined: nothing is known of it. */
  get estimateBps(): number | undefined {
    return this.#link?.estimateBps
  }

  /** The share of packets that were lost on their way to the receiver, 0 to 1; undefined: that is not known. */
  get loss(): number | undefined {
    return this.#reportedLoss
  }

  /** Something is to be sent that was agreed like this. */
  agreed(media: SubscribedMedia, now: number): void {
    if (this.#link || !tellsOfLink(media)) return
    this.#link = new LinkEstimate({ now })
    this.departures.pace(this.#link)
  }

  /** Transport-wide feedback has come. */
  feedback(report: TransportFeedback, now: number): void {
    this.#link?.feedback(report, now)
    this.#changed(now)
  }

  remb(bps: number, now: number): void {
    this.#link?.remb(bps, now)
    this.#changed(now)
  }

  /** @param fractionLost 0 to 1. */
  receiverReport(fractionLost: number, roundTripMs: number, now: number): void {
    this.roundTripMs = roundTripMs
    this.#reportedLoss = fractionLost
    this.#link?.receiverReport(fractionLost, roundTripMs, now)
  }

  /** What one of its followers wants, or can have, has changed. */
  reconsider(follower: Follower, now: number): void {
    if (this.#link) this.#allocate(this.#link, now)
    else follower.grant(Number.POSITIVE_INFINITY, now)
  }

  close(): void {
    this.#alarms.clear(this.#alarm)
    this.departures.close()
  }

  #changed(now: number): void {
    const link = this.#link
    if (!link) return
    this.departures.targetBps = link.targetBps
    if (link.targetBps < notable * this.#allocatedBps) this.#allocate(link, now)
    this.#alarms.setBy(this.#alarm, Math.max(now, link.nextTimeout()))
  }

  #tick(now: number): void {
    const link = this.#link
    if (!link) return
    link.handleTimeout(now)
    this.departures.targetBps = link.targetBps
    if (now >= this.#allocateAt) this.#allocate(link, now)
    this.#probe(link, now)
    if (this.#subscriptions.size > 0)
      this.#alarms.set(this.#alarm, Math.max(now + 1, Math.min(this.#allocateAt, link.nextTimeout())))
  }

  #probe(link: LinkEstimate, now: number): void {
    const { departures } = this
    for (let bytes = link.probe(now); bytes > 0; bytes = link.probe(now)) {
      let sent = 0
      for (const { sink } of this.#subscriptions) {
        if (sent === 0) sent = sink.probe(now)
      }
      if (sent === 0) return
      departures.mayPass(probing, sent, now)
    }
  }

  #allocate(link: LinkEstimate, now: number): void {
    this.#allocateAt = now + intervalMs
    this.#alarms.setBy(this.#alarm, this.#allocateAt)
    this.#measure(link, now)
    const followers = [...this.#subscriptions].map(({ follower }) => follower).filter(({ wants }) => wants)
    const demands = followers.map(demandOf)
    link.wantedBps = Allocation.wantedBps(demands)
    this.#allocatedBps = link.targetBps
    // What arrives need not stop, however much a busy receiver's delays look like a full link.
    const least = demands.reduce((sum, { bitrates, wanted }) => sum + (wanted < 0 ? 0 : (bitrates[0] ?? 0)), 0)
    const proven = this.#isFull ? 0 : Math.min(least, link.acknowledgedBps)
    const layers = this.#allocation.allocate(demands, Math.max(this.#allocatedBps, proven), now)
    const first = this.#firstPicture(demands)
    let shortage: Shortage = 'none'
    for (const [i, follower] of followers.entries()) {
      const isKept = i === first || this.#isOnTrial(follower, now)
      const layer = Math.max(isKept ? 0 : -1, layers[i] ?? -1)
      const { wanted = -1 } = demands[i] ?? {}
      if (layer < 0 && wanted >= 0) shortage = 'stopped'
      else if (layer < wanted && shortage === 'none') shortage = 'smaller'
      follower.grant(layer, now)
    }
    const isThin = shortage !== 'none' && link.estimateBps < starved.bps
    if (!isThin) this.#thinSince = Number.NaN
    else if (Number.isNaN(this.#thinSince)) this.#thinSince = now
    this.shortage = now - this.#thinSince >= starved.ms ? 'starved' : shortage
    for (const follower of this.#trials.keys()) if (!followers.includes(follower)) this.#trials.delete(follower)
  }

  /** Looks whether what is sent arrives. */
  #measure(link: LinkEstimate, now: number): void {
    const ms = now - this.#measuredAt
    if (ms < measureMs) return
    const { bytes } = this.departures
    const sentBps = ((bytes - this.#measuredBytes) * 8000) / ms
    this.#shortfalls = link.acknowledgedBps < full.delivered * sentBps ? this.#shortfalls + 1 : 0
    this.#measuredAt = now
    this.#measuredBytes = bytes
  }

  #isOnTrial(follower: Follower, now: number): boolean {
    if (!this.#trials.has(follower)) this.#trials.set(follower, now)
    return !this.#isFull && now - (this.#trials.get(follower) ?? 0) < trialMs
  }

  get #isFull(): boolean {
    return this.#shortfalls >= full.times
  }

  /** The picture that is never stopped, however little the link carries. */
  #firstPicture(demands: readonly StreamDemand<Follower>[]): number {
    let first = -1
    for (const [i, { priority, wanted }] of demands.entries()) {
      const best = demands[first]?.priority ?? Number.POSITIVE_INFINITY
      if (priority !== classes.audio && wanted >= 0 && priority < best) first = i
    }
    return first
  }
}

/** Probes take the place of media. */
const probing = { lane: lanes.audio, release: () => {} }

function tellsOfLink({ feedback, extensions }: SubscribedMedia): boolean {
  const byPackets =
    feedback.includes('transport-cc') && extensions[headerExtensions.transportSequenceNumber] !== undefined
  return byPackets || feedback.includes('goog-remb')
}

function demandOf(follower: Follower): StreamDemand<Follower> {
  const { kind, layers } = follower.followed
  const wanted = follower.demanded
  if (kind === 'audio') return { key: follower, priority: classes.audio, bitrates: [audioBps], wanted }
  return { key: follower, ...ofPriority[follower.want.priority], bitrates: bitratesOf(layers), wanted }
}

/** Ascending, also where what is measured is not. */
function bitratesOf(layers: readonly Layer[]): number[] {
  const bitrates: number[] = []
  let last = 0
  for (const { bps } of layers) {
    const guess = last === 0 ? unmeasured.firstBps : unmeasured.factor * last
    last = Math.max(last, bps === 0 ? guess : overhead * bps)
    bitrates.push(last)
  }
  return bitrates
}

import { Allocation, classes, LinkEstimate, lanes, type StreamDemand } from '@parley/congestion'
import { headerExtensions, type TransportFeedback } from '@parley/rtp'
import type { SubscribedMedia, Want } from '../control.ts'
import { Alarm, type Alarms } from './alarms.ts'
import type { RouterCounters } from './counters.ts'
import { Departures } from './departures.ts'
import type { Follower } from './follower.ts'
import type { Layer } from './layers.ts'
import { LossShare } from './loss-share.ts'
import { RedDistance } from './red/red-distance.ts'
import type { LinkStatistics } from './statistics.ts'
import type { Subscription } from './subscription.ts'

/** What a link that carries too little does to the pictures; `starved`: hardly any picture is possible. */
export type Shortage = 'none' | 'smaller' | 'starved'

/** Between allocations, when nothing else calls for one: while something is withheld, and while nothing is. */
const intervalMs = { withheld: 200, granted: 1000 } as const
/** What falls by more calls for another at once. */
const notable = 0.9
/** Headers, protection and retransmissions, on top of payloads. */
const overhead = 1.08
/** With less than this, for so long, even the smallest picture is poor. */
const starved = { bps: 150_000, ms: 8000 } as const
/** How long the estimate climbs after the first that is heard of a link: what it carries is not known before. */
const startMs = 5000
/** What sound takes, and again for each packet that is repeated. */
const audioBps = 40_000
/** What the lowest layer is taken to need until it is measured; and each that is higher. */
const unmeasured = { firstBps: 150_000, factor: 3 } as const

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
  readonly #counters: RouterCounters
  readonly #allocation = new Allocation<Follower>()
  readonly #alarm = new Alarm(now => this.#tick(now))
  #link: LinkEstimate | undefined
  /** By receiver reports, as the loss; undefined: not known yet. */
  roundTripMs: number | undefined
  readonly #loss = new LossShare()
  /** What follows for the pictures from what the link carries. */
  shortage: Shortage = 'none'
  readonly #redDistance = new RedDistance()
  #hasFeedback = false
  /** When the receiver first told of its link; NaN: it has not. */
  #toldAt = Number.NaN
  #thinSince = Number.NaN
  #allocatedBps = 0
  /** What everything of use would take, and what was granted of it. */
  #wantedBps = 0
  #grantedBps = 0
  #allocateAt = 0

  constructor(alarms: Alarms, subscriptions: ReadonlySet<Subscription>, counters: RouterCounters) {
    this.#alarms = alarms
    this.#subscriptions = subscriptions
    this.#counters = counters
    this.departures = new Departures(alarms)
  }

  /** By receiver reports: the share of packets that were lost, 0 to 1; undefined: not known yet. */
  get loss(): number | undefined {
    return this.#loss.value
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
    this.#hasFeedback = true
    const { packetStatusCount, arrivals } = report
    this.#lost(packetStatusCount - arrivals.length, packetStatusCount, now)
    this.#changed(now)
  }

  remb(bps: number, now: number): void {
    this.#link?.remb(bps, now)
    this.#changed(now)
  }

  /**
   * So many packets were lost of those since the last reports.
   * @param roundTripMs NaN: it is not known.
   */
  receiverReport(lost: number, packets: number, roundTripMs: number, now: number): void {
    this.#loss.count(lost, packets)
    if (!this.#hasFeedback) this.#lost(lost, packets, now)
    if (Number.isNaN(roundTripMs)) return
    this.roundTripMs = roundTripMs
    this.#link?.receiverReport(lost / packets, roundTripMs, now)
  }

  #lost(lost: number, packets: number, now: number): void {
    this.#redDistance.count(lost, packets, now)
    this.departures.redDistance = this.#redDistance.current
  }

  /** What one of its followers wants, or can have, has changed. */
  reconsider(follower: Follower, now: number): void {
    if (this.#link) this.#allocate(this.#link, now)
    else follower.grant(Number.POSITIVE_INFINITY, now)
  }

  /** Undefined where the receiver tells nothing of its link. */
  get statistics(): LinkStatistics | undefined {
    if (!this.#link) return undefined
    return {
      estimateBps: Math.round(this.#link.estimateBps),
      wantedBps: Math.round(this.#wantedBps),
      grantedBps: Math.round(this.#grantedBps),
    }
  }

  /** Adds its link to those that are counted as they are now. */
  count(counters: RouterCounters): void {
    const { statistics } = this
    if (!statistics) return
    counters.links++
    counters.estimateBps += statistics.estimateBps
    counters.wantedBps += statistics.wantedBps
    counters.grantedBps += statistics.grantedBps
  }

  close(): void {
    this.#alarms.clear(this.#alarm)
    this.departures.close()
  }

  #changed(now: number): void {
    const link = this.#link
    if (!link) return
    if (Number.isNaN(this.#toldAt)) this.#toldAt = now
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
    const probes = this.#probe(link, now)
    // What cannot be probed with now is looked for again with the next allocation.
    const next = probes ? Math.min(this.#allocateAt, link.nextTimeout()) : this.#allocateAt
    if (this.#subscriptions.size > 0) this.#alarms.set(this.#alarm, Math.max(now + 1, next))
  }

  /** Sends what a probe asks for. Returns false if there is nothing to send. */
  #probe(link: LinkEstimate, now: number): boolean {
    while (link.probe(now) > 0) {
      const sent = this.#sendProbe(now)
      if (sent === 0) return false
      // Probes take the place of media.
      this.departures.mayPass(probing, sent, now)
    }
    return true
  }

  #sendProbe(now: number): number {
    for (const { sink } of this.#subscriptions) {
      const sent = sink.probe(now)
      if (sent === 0) continue
      this.#counters.probes++
      return sent
    }
    return 0
  }

  #allocate(link: LinkEstimate, now: number): void {
    const followers = [...this.#subscriptions].map(({ follower }) => follower).filter(({ wants }) => wants)
    const soundBps = audioBps * (1 + this.#redDistance.current)
    const demands = followers.map(follower => demandOf(follower, soundBps))
    link.wantedBps = Allocation.wantedBps(demands)
    this.#allocatedBps = link.targetBps
    const layers = this.#allocation.allocate(demands, this.#allocatedBps, now)
    let isWithheld = false
    this.#wantedBps = 0
    this.#grantedBps = 0
    for (const [i, { key: follower, wanted, bitrates }] of demands.entries()) {
      // A busy receiver looks like a full link, and a picture that stops is worse than one that stutters.
      const layer = Math.max(0, layers[i] ?? 0)
      if (layer < wanted) isWithheld = true
      this.#wantedBps += bitrates[wanted] ?? 0
      this.#grantedBps += bitrates[Math.min(layer, wanted)] ?? 0
      if (layer < Math.min(follower.granted, wanted)) this.#counters.layersLowered++
      else if (follower.isReduced && layer > follower.granted) this.#counters.layersRaised++
      follower.grant(layer, now)
    }
    this.#allocateAt = now + intervalMs[isWithheld ? 'withheld' : 'granted']
    this.#alarms.setBy(this.#alarm, this.#allocateAt)
    const shortage = isWithheld && now - this.#toldAt >= startMs ? 'smaller' : 'none'
    const isThin = shortage !== 'none' && link.estimateBps < starved.bps
    if (!isThin) this.#thinSince = Number.NaN
    else if (Number.isNaN(this.#thinSince)) this.#thinSince = now
    this.shortage = now - this.#thinSince >= starved.ms ? 'starved' : shortage
  }
}

/** Leaves at once, and counts. */
const probing = { lane: lanes.audio, release: () => {} }

function tellsOfLink({ feedback, extensions }: SubscribedMedia): boolean {
  const byPackets =
    feedback.includes('transport-cc') && extensions[headerExtensions.transportSequenceNumber] !== undefined
  return byPackets || feedback.includes('goog-remb')
}

function demandOf(follower: Follower, soundBps: number): StreamDemand<Follower> {
  const { kind, layers } = follower.followed
  const wanted = follower.demanded
  if (kind === 'audio') return { key: follower, priority: classes.audio, bitrates: [soundBps], wanted }
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

import { uint16At } from '@parley/bytes'
import type { NetworkQuality } from '@parley/protocol'
import {
  headerExtensions,
  type ReportBlock,
  type RtcpHandlers,
  type RtpPacket,
  readCompound,
  restoreOriginal,
} from '@parley/rtp'
import type { SubscribedMedia } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import { Alarm, type Alarms } from './alarms.ts'
import { ArrivalFeedback } from './arrival-feedback.ts'
import type { RouterCounters } from './counters.ts'
import { Downlink } from './downlink.ts'
import { LegQuality } from './leg-quality.ts'
import type { Publication } from './publication.ts'
import { Reports } from './reports.ts'
import type { RtcpSender } from './rtcp-sender.ts'
import { type Source, SourceFinder } from './source-finder.ts'
import type { SourceStream } from './source-stream.ts'
import type { TransportStatistics } from './statistics.ts'
import type { Subscription } from './subscription.ts'

/** Between reports, on average; each time half to one and a half of it (RFC 3550 §6.2). */
const reportMs = 1000
/** After a subscription has begun, so that it is in sync soon. */
const firstReportMs = 20
/** Between feedbacks of arrivals. */
const arrivalFeedbackMs = 75

export interface LegOptions {
  readonly alarms: Alarms
  readonly rtcp: RtcpSender
  readonly senderSsrc: number
  readonly cname: string
  readonly random: () => number
  readonly counters: RouterCounters
  /** How well media get through has changed. */
  readonly onQuality: (quality: NetworkQuality) => void
}

/** One transport as the router knows it: what comes from it, what goes to it, and the RTCP about both. */
export class Leg {
  /** Undefined until it is connected for the first time. */
  transport: RtpTransport | undefined
  readonly finder = new SourceFinder()
  readonly subscriptions = new Set<Subscription>()
  readonly downlink: Downlink
  readonly #options: LegOptions
  readonly #bySsrc = new Map<number, Subscription>()
  readonly #reports: Reports
  readonly #quality = new LegQuality()
  readonly #reportAlarm = new Alarm(now => this.#report(now))
  readonly #arrivals = new ArrivalFeedback()
  readonly #arrivalAlarm = new Alarm(now => this.#tellArrivals(now))
  /** Id of the transport-wide sequence number; 0: it was not agreed. */
  #transportCcId = 0
  #lastSsrc = 0
  #uplinkLoss: number | undefined
  readonly #handlers: RtcpHandlers
  /** Of the RTCP that is being read. */
  #now = 0

  constructor(options: LegOptions) {
    this.#options = options
    this.downlink = new Downlink(options.alarms, this.subscriptions, options.counters)
    this.#reports = new Reports(options)
    this.#handlers = this.#rtcpHandlers()
  }

  publish(publication: Publication): void {
    this.finder.add(publication)
    this.#update()
  }

  #update(): void {
    this.#transportCcId = 0
    for (const { media } of this.finder.publications) {
      const agreed = media.codecs.some(({ feedback }) => feedback.includes('transport-cc'))
      if (agreed) this.#transportCcId ||= media.extensions[headerExtensions.transportSequenceNumber] ?? 0
    }
  }

  /** Streams of its publications have ended with what was agreed before. */
  republished(ended: readonly SourceStream[]): void {
    this.finder.forget(ended)
    this.#update()
  }

  unpublish(publication: Publication): void {
    this.finder.remove(publication)
    this.#update()
  }

  subscribe(subscription: Subscription, now: number): void {
    this.downlink.agreed(subscription.sink.media, now)
    subscription.sink.transport = this.transport
    this.subscriptions.add(subscription)
    this.#bySsrc.set(subscription.sink.media.ssrc, subscription)
  }

  /** What was agreed with the subscriber has changed. */
  resubscribe(subscription: Subscription, media: SubscribedMedia, now: number): void {
    this.downlink.agreed(media, now)
    this.#forgetSsrc(subscription)
    subscription.sink.media = media
    this.#bySsrc.set(media.ssrc, subscription)
  }

  unsubscribe(subscription: Subscription, now: number): void {
    if (this.transport && subscription.sink.begun) {
      this.#options.rtcp.send(this.transport, 'bye', { ssrcs: [subscription.sink.media.ssrc] }, now)
    }
    this.subscriptions.delete(subscription)
    this.#forgetSsrc(subscription)
  }

  /** Unless another subscription has it by now. */
  #forgetSsrc(subscription: Subscription): void {
    const { ssrc } = subscription.sink.media
    if (this.#bySsrc.get(ssrc) === subscription) this.#bySsrc.delete(ssrc)
  }

  connected(transport: RtpTransport, now: number): void {
    this.transport = transport
    for (const { sink, follower, publication } of this.subscriptions) {
      sink.transport = transport
      // What was sent while nothing left is lost: video needs a key frame.
      follower.leave()
      follower.reconsider(now)
      publication.attend(follower, now)
    }
    this.#options.alarms.set(this.#reportAlarm, now + this.#reportInterval())
  }

  receiveRtp(packet: RtpPacket, now: number): void {
    const { counters } = this.#options
    counters.rtpReceived++
    this.#noteArrival(packet, now)
    const source = this.finder.find(packet, now)
    if (!source) counters.unknown++
    else if (source.repairs) this.#receiveRetransmission(source, packet, now)
    else {
      const { publication, stream } = source
      const codec = publication.codec(packet.payloadType)
      if (codec) publication.receive(stream, packet, codec, false, now)
      else counters.unknown++
    }
  }

  receiveRtcp(bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#now = now
    if (!readCompound(bytes, start, end, this.#handlers)) this.#options.counters.malformedRtcp++
  }

  /** A subscription has begun: its receiver is to learn soon what time its timestamps mean. */
  reportSoon(now: number): void {
    if (this.transport) this.#options.alarms.setBy(this.#reportAlarm, now + firstReportMs)
  }

  /** What was measured of the transport with this number. */
  statistics(transport: number): TransportStatistics {
    const { loss, roundTripMs, statistics } = this.downlink
    return {
      transport,
      uplinkLoss: this.#uplinkLoss,
      downlinkLoss: loss,
      roundTripMs,
      link: statistics,
      publications: [...this.finder.publications].map(publication => publication.statistics()),
      subscriptions: [...this.subscriptions].map(subscription => subscription.statistics()),
    }
  }

  close(): void {
    this.#options.alarms.clear(this.#reportAlarm)
    this.#options.alarms.clear(this.#arrivalAlarm)
    this.downlink.close()
  }

  #receiveRetransmission({ publication, stream }: Source, packet: RtpPacket, now: number): void {
    const codec = publication.repairedBy(packet.payloadType)
    if (!codec) this.#options.counters.unknown++
    else if (!restoreOriginal(packet, stream.ssrc, codec.payloadType)) this.#options.counters.padding++
    else publication.receive(stream, packet, codec, true, now)
  }

  #noteArrival(packet: RtpPacket, now: number): void {
    const id = this.#transportCcId
    if (id === 0) return
    const offset = packet.findExtension(id)
    if (offset < 0 || packet.extensionLength !== 2) return
    this.#lastSsrc = packet.ssrc
    this.#arrivals.arrived(uint16At(packet.bytes, offset), now)
    if (this.#arrivals.pending === 1) this.#options.alarms.set(this.#arrivalAlarm, now + arrivalFeedbackMs)
  }

  #tellArrivals(now: number): void {
    const { rtcp, senderSsrc } = this.#options
    for (const feedback of this.#arrivals.take(senderSsrc, this.#lastSsrc)) {
      if (this.transport) rtcp.send(this.transport, 'transportFeedback', feedback, now)
    }
  }

  #report(now: number): void {
    const { transport } = this
    if (!transport) return
    const { loss, roundTripMs, shortage } = this.downlink
    const uplinkLoss = this.#reports.send(transport, this.finder.publications, this.subscriptions, now)
    this.#uplinkLoss = uplinkLoss
    const quality = this.#quality.judge({ uplinkLoss, downlinkLoss: loss, roundTripMs, shortage })
    if (quality) this.#options.onQuality(quality)
    this.#options.alarms.set(this.#reportAlarm, now + this.#reportInterval())
  }

  #reportInterval(): number {
    return reportMs * (0.5 + this.#options.random())
  }

  #rtcpHandlers(): RtcpHandlers {
    const { counters } = this.#options
    const pictureLost = (ssrc: number) => {
      const subscription = this.#bySsrc.get(ssrc)
      if (!subscription) return
      counters.keyFrameRequestsReceived++
      subscription.pictureLost(this.#now)
    }
    return {
      senderReport: report => {
        this.finder.known(report.ssrc)?.stream.receiveReport(report, this.#now)
        this.#readReports(report.reports)
      },
      receiverReport: ({ reports }) => this.#readReports(reports),
      nack: ({ mediaSsrc, lost }) => this.#bySsrc.get(mediaSsrc)?.sink.retransmit(lost, this.#now),
      pictureLossIndication: ({ mediaSsrc }) => pictureLost(mediaSsrc),
      fullIntraRequest: ({ entries }) => {
        for (const { ssrc } of entries) pictureLost(ssrc)
      },
      transportFeedback: report => this.downlink.feedback(report, this.#now),
      receiverEstimatedBitrate: ({ bitrateBps }) => this.downlink.remb(bitrateBps, this.#now),
      bye: ({ ssrcs }) => {
        for (const ssrc of ssrcs) {
          const source = this.finder.known(ssrc)
          if (source && !source.repairs) source.publication.ended(source.stream, this.#now)
        }
      },
    }
  }

  #readReports(reports: readonly ReportBlock[]): void {
    let lost = 0
    let packets = 0
    let roundTripMs = Number.NaN
    for (const { ssrc, lastSr, delaySinceLastSr, fractionLost, highestSequenceNumber } of reports) {
      const statistics = this.#bySsrc.get(ssrc)?.sink.statistics
      if (!statistics) continue
      this.#options.counters.reportsReceived++
      statistics.answered(lastSr, delaySinceLastSr, this.#now)
      if (!Number.isNaN(statistics.roundTripMs)) roundTripMs = statistics.roundTripMs
      const expected = statistics.expected(highestSequenceNumber)
      lost += (expected * fractionLost) / 256
      packets += expected
    }
    if (packets > 0) this.downlink.receiverReport(lost, packets, roundTripMs, this.#now)
  }
}

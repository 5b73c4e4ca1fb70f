import { setUint16At } from '@parley/bytes'
import {
  compactNtp,
  ntpFromUnixMs,
  type RtpPacket,
  rtxHeaderLength,
  type SenderReport,
  tokenBytes,
  unixMsFromNtp,
} from '@parley/rtp'
import type { SubscribedMedia, Want } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import type { RouterCounters } from './counters.ts'
import type { HeaderLayout } from './header-layouts.ts'
import type { Publication } from './publication.ts'
import { Renumbering } from './renumbering.ts'
import { RetransmissionBudget } from './retransmission-budget.ts'
import type { SourceStream } from './source-stream.ts'

/** No payload type: it has seven bits. */
const unmapped = 0xff
const markerBit = 0x80
/** Until a receiver report tells. */
const assumedRoundTripMs = 100

export interface SubscriptionOptions {
  readonly id: number
  readonly publication: Publication
  readonly media: SubscribedMedia
  readonly want: Want
  readonly counters: RouterCounters
  /** 0 to 1, for first numbers. */
  readonly random: () => number
  /** Its timestamps mean another time from now on, or it is known from now on which. */
  readonly onTimeline: (now: number) => void
}

/**
 * One subscriber's copy of a published track: its own SSRC, numbers, payload types and header extensions. Written straight
 * into the transport's outgoing memory; forwarding allocates nothing.
 */
export class Subscription {
  readonly id: number
  readonly publication: Publication
  /** Undefined until it is connected. */
  transport: RtpTransport | undefined
  want: Want
  /** What it forwards at present. */
  source: SourceStream | undefined
  /** What it waits to begin with, or to change to. */
  awaited: SourceStream | undefined
  /** Since when it waits, and packets come; ms. NaN: none came yet. */
  awaitedSince = Number.NaN
  #media: SubscribedMedia
  #ssrc: number
  readonly #counters: RouterCounters
  readonly #random: () => number
  readonly #onTimeline: (now: number) => void
  #layout: HeaderLayout
  #mid: Uint8Array
  #numbers: Renumbering
  readonly #payloadTypes = new Uint8Array(128)
  readonly #rtxPayloadTypes = new Uint8Array(128)
  #budget: RetransmissionBudget | undefined
  #rtxSequenceNumber: number
  #packets = 0
  #octets = 0
  /** What the last sender report counted. */
  #packetsReported = 0
  #lastSr = 0
  #lastSrAt = 0
  #roundTripMs = Number.NaN

  constructor(options: SubscriptionOptions) {
    this.id = options.id
    this.publication = options.publication
    this.want = options.want
    this.#counters = options.counters
    this.#random = options.random
    this.#onTimeline = options.onTimeline
    this.#media = options.media
    this.#ssrc = options.media.ssrc
    this.#numbers = new Renumbering(options.random)
    this.#rtxSequenceNumber = Math.floor(options.random() * 0x8000)
    this.#mid = tokenBytes(this.#media.mid)
    this.#layout = this.#findLayout()
    this.compile()
  }

  get media(): SubscribedMedia {
    return this.#media
  }

  set media(media: SubscribedMedia) {
    if (media.ssrc !== this.#media.ssrc) {
      this.#numbers = new Renumbering(this.#random)
      this.#packets = 0
      this.#packetsReported = 0
      this.#octets = 0
    }
    this.#media = media
    this.#ssrc = media.ssrc
    this.compile()
  }

  /** Measured by receiver reports; ms, NaN: not yet. */
  get roundTripMs(): number {
    return this.#roundTripMs
  }

  /** Something was sent. */
  get begun(): boolean {
    return this.#numbers.begun
  }

  /** It wants packets and can send them. */
  get wanted(): boolean {
    return !this.want.paused && this.transport?.connected === true
  }

  /** Reads anew how both sides call payload types and extensions. */
  compile(): void {
    this.#payloadTypes.fill(unmapped)
    this.#rtxPayloadTypes.fill(unmapped)
    for (const { from, to, rtx } of this.#media.payloadTypes) {
      this.#payloadTypes[from] = to
      if (rtx !== undefined && this.#media.rtxSsrc !== undefined) this.#rtxPayloadTypes[from] = rtx
    }
    this.#mid = tokenBytes(this.#media.mid)
    this.#layout = this.#findLayout()
  }

  /** Whether packets are sent again to it, so that a history is of use. */
  get retransmits(): boolean {
    return this.#media.rtxSsrc !== undefined && this.#media.payloadTypes.some(({ rtx }) => rtx !== undefined)
  }

  forwards(payloadType: number): boolean {
    return this.#payloadTypes[payloadType] !== unmapped
  }

  /** From this packet on it forwards `source`. */
  follow(source: SourceStream, packet: RtpPacket, place: number, clockRate: number, now: number): void {
    this.source = source
    this.awaited = undefined
    this.#numbers.follow(source.timeline, place, packet.timestamp, clockRate, now)
    if (source.senderReport) this.#onTimeline(now)
  }

  /** Its source has learned what time its timestamps mean. */
  timelineKnown(now: number): void {
    this.#onTimeline(now)
  }

  /** Sends a packet of its source, which has this place there. */
  forward(packet: RtpPacket, place: number, now: number): void {
    const numbers = this.#numbers
    if (place < numbers.firstPlace) return
    const payloadType = this.#payloadTypes[packet.payloadType] as number
    if (payloadType === unmapped) {
      numbers.omit(place)
      return
    }
    const transport = this.transport as RtpTransport
    const layout = this.#layout
    const headerLength = layout.lengthFor(packet)
    if (headerLength < 0) return
    const number = numbers.number(place)
    const timestamp = numbers.timestamp(packet.timestamp)
    const second = packet.marker ? payloadType | markerBit : payloadType
    const at = transport.reserve(headerLength + packet.payloadEnd - packet.payloadStart)
    const headerEnd = layout.write(transport.outgoing, at, second, number & 0xffff, timestamp, this.#ssrc, this.#mid)
    // Used even if it cannot go out: a number is never given twice.
    numbers.used(number, timestamp, now)
    if (transport.sendRtp(at, headerEnd, packet.bytes, packet.payloadStart, packet.payloadEnd, now)) {
      this.#packets++
      this.#octets += packet.payloadEnd - packet.payloadStart
    }
  }

  /** Sends again what the subscriber misses (RFC 4588), as far as it is in the history and within bounds. */
  retransmit(lost: readonly number[], view: RtpPacket, now: number): void {
    this.#counters.nacksReceived += lost.length
    const { source } = this
    for (const sequenceNumber of lost) {
      const place = this.#numbers.placeOf(sequenceNumber)
      this.publication.layouts.next()
      const found = source !== undefined && !Number.isNaN(place) && source.recall(place, view, now)
      if (found && this.#sendAgain(view, place, sequenceNumber, now)) this.#counters.retransmitted++
      else this.#counters.notRetransmitted++
    }
  }

  #findLayout(): HeaderLayout {
    return this.publication.layouts.layout(this.#media.extensions, this.#mid.length)
  }

  #sendAgain(packet: RtpPacket, place: number, sequenceNumber: number, now: number): boolean {
    const payloadType = this.#rtxPayloadTypes[packet.payloadType] as number
    const { rtxSsrc } = this.#media
    const { transport } = this
    if (payloadType === unmapped || rtxSsrc === undefined || !transport?.connected) return false
    const bytes = packet.payloadEnd - packet.start + rtxHeaderLength
    const roundTripMs = Number.isNaN(this.#roundTripMs) ? assumedRoundTripMs : this.#roundTripMs
    this.#budget ??= new RetransmissionBudget()
    if (!this.#budget.take(place, bytes, this.#octets, roundTripMs, now)) return false
    const layout = this.#layout
    const headerLength = layout.lengthFor(packet)
    if (headerLength < 0) return false
    const second = packet.marker ? payloadType | markerBit : payloadType
    const timestamp = this.#numbers.timestamp(packet.timestamp)
    const payloadStart = packet.payloadStart - rtxHeaderLength
    setUint16At(packet.bytes, payloadStart, sequenceNumber)
    const at = transport.reserve(headerLength + packet.payloadEnd - payloadStart)
    const headerEnd = layout.write(
      transport.outgoing,
      at,
      second,
      this.#rtxSequenceNumber,
      timestamp,
      rtxSsrc,
      this.#mid,
    )
    this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff
    return transport.sendRtp(at, headerEnd, packet.bytes, payloadStart, packet.payloadEnd, now)
  }

  /**
   * The publisher's last report, moved to now and to this subscriber's timestamps; undefined: there is nothing to tell,
   * since nothing was sent after the last.
   */
  senderReport(now: number): SenderReport | undefined {
    const last = this.source?.senderReport
    if (!last || this.#packets === this.#packetsReported) return undefined
    this.#packetsReported = this.#packets
    const sinceMs = now - last.at
    const ntp = ntpFromUnixMs(unixMsFromNtp(last.ntp) + sinceMs)
    this.#lastSr = compactNtp(ntp)
    this.#lastSrAt = now
    const ticks = Math.round((sinceMs * last.clockRate) / 1000)
    return {
      ssrc: this.#media.ssrc,
      ntp,
      rtpTimestamp: this.#numbers.timestamp(last.rtpTimestamp + ticks),
      packetCount: this.#packets % 0x100000000,
      octetCount: this.#octets % 0x100000000,
      reports: [],
    }
  }

  /** Learns the round trip of a receiver report that answers the last sender report (RFC 3550 §6.4.1). */
  receiverReport(lastSr: number, delaySinceLastSr: number, now: number): void {
    if (lastSr === 0 || lastSr !== this.#lastSr) return
    const sample = Math.max(0, now - this.#lastSrAt - delaySinceLastSr / 65.536)
    this.#roundTripMs = Number.isNaN(this.#roundTripMs) ? sample : (7 * this.#roundTripMs + sample) / 8
  }
}

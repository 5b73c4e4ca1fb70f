import { sequenceDistance, setUint16At } from '@parley/bytes'
import { type Lane, lanes } from '@parley/congestion'
import {
  LayerInfo,
  RtpPacket,
  readVp8Layers,
  readVp9Layers,
  rtxHeaderLength,
  type SenderReport,
  timestampDistance,
  tokenBytes,
  unixMsFromNtp,
} from '@parley/rtp'
import type { SubscribedMedia } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import type { RouterCounters } from './counters.ts'
import type { Departing, Departures } from './departures.ts'
import type { HeaderLayout, HeaderLayouts } from './header-layouts.ts'
import { PictureNumbers } from './picture-numbers.ts'
import { RecentNumbers } from './recent-numbers.ts'
import { Renumbering } from './renumbering.ts'
import { RetransmissionBudget } from './retransmission-budget.ts'
import { SendingStatistics } from './sending-statistics.ts'
import type { Sink } from './sink.ts'
import type { Handed, TappedStream } from './tap.ts'

/** No payload type: it has seven bits. */
const unmapped = 0xff
const markerBit = 0x80
const paddingBit = 0x20
/** Until a receiver report tells. */
const assumedRoundTripMs = 100

export interface RtpSinkOptions {
  readonly layouts: HeaderLayouts
  /** What leaves over its transport. */
  readonly departures: Departures
  readonly media: SubscribedMedia
  readonly counters: RouterCounters
  /** 0 to 1, for first numbers. */
  readonly random: () => number
  /** Its timestamps mean another time from now on, or it is known from now on which. */
  readonly onTimeline: (now: number) => void
}

/**
 * Sends to a subscriber by RTP: with its own SSRC, numbers, payload types and header extensions. Written straight
 * into the transport's outgoing memory; forwarding allocates nothing.
 */
export class RtpSink implements Sink, Departing {
  /** When it leaves, compared with what else goes over the transport. */
  lane: Lane = lanes.others
  /** Undefined until it is connected. */
  transport: RtpTransport | undefined
  readonly statistics = new SendingStatistics()
  #source: TappedStream | undefined
  #media: SubscribedMedia
  #ssrc: number
  readonly #layouts: HeaderLayouts
  readonly #departures: Departures
  readonly #counters: RouterCounters
  readonly #random: () => number
  readonly #onTimeline: (now: number) => void
  #layout: HeaderLayout
  #mid: Uint8Array
  #numbers: Renumbering
  #pictures: PictureNumbers | undefined
  #codec = ''
  /** What to add to the frame numbers of dependency descriptors; and the last that was sent, -1: none. */
  #frameShift = 0
  #lastFrame = -1
  /** Packets that got a marker that they had not, and numbers that were spent on padding: sent again, they are the same. */
  #marked: RecentNumbers | undefined
  #filled: RecentNumbers | undefined
  readonly #payloadTypes = new Uint8Array(128)
  readonly #rtxPayloadTypes = new Uint8Array(128)
  readonly #redPayloadTypes = new Uint8Array(128)
  #lastPayloadType = unmapped
  /** Of what left last; NaN: nothing did. And whether a picture ended with it. */
  #lastPlace = Number.NaN
  #isBetween = false
  #budget: RetransmissionBudget | undefined
  #rtxSequenceNumber: number

  constructor(options: RtpSinkOptions) {
    this.#layouts = options.layouts
    this.#departures = options.departures
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
      this.statistics.restart()
    }
    this.#media = media
    this.#ssrc = media.ssrc
    this.compile()
  }

  /** Something was sent. */
  get begun(): boolean {
    return this.#numbers.begun
  }

  get ready(): boolean {
    return this.transport?.connected === true
  }

  /** Reads anew how both sides call payload types and extensions. */
  compile(): void {
    this.#payloadTypes.fill(unmapped)
    this.#rtxPayloadTypes.fill(unmapped)
    this.#redPayloadTypes.fill(unmapped)
    for (const { from, to, rtx, red = unmapped } of this.#media.payloadTypes) {
      this.#payloadTypes[from] = to
      this.#redPayloadTypes[from] = red
      if (rtx !== undefined && this.#media.rtxSsrc !== undefined) this.#rtxPayloadTypes[from] = rtx
    }
    this.#mid = tokenBytes(this.#media.mid)
    this.#layout = this.#findLayout()
  }

  /** Whether packets are sent again to it, so that a history is of use. */
  get remembers(): boolean {
    return this.#media.rtxSsrc !== undefined && this.#media.payloadTypes.some(({ rtx }) => rtx !== undefined)
  }

  accepts(payloadType: number): boolean {
    return this.#payloadTypes[payloadType] !== unmapped
  }

  follow(source: TappedStream, { packet, frame, codec, place }: Handed, now: number): void {
    // What waits has numbers of the stream before.
    this.#departures.hurry(this)
    this.#layouts.next()
    if (this.#source && source !== this.#source) this.#counters.streamSwitches++
    const aligned = this.#aligned(source, packet.timestamp, codec.clockRate)
    this.#source = source
    this.#numbers.follow(source.timeline, place, packet.timestamp, codec.clockRate, now, aligned)
    this.#marked = undefined
    this.#filled = undefined
    if (codec.name !== this.#codec) {
      this.#codec = codec.name
      this.#pictures = readers[codec.name] && new PictureNumbers()
    }
    this.#pictures?.follow(frame.numbers)
    const { frameNumber } = frame
    if (frameNumber >= 0) this.#frameShift = this.#lastFrame < 0 ? 0 : this.#lastFrame + 1 - frameNumber
    if (source.senderReport) this.#onTimeline(now)
  }

  rest(): void {
    // The numbers of what waits are spent.
    this.#departures.hurry(this)
    this.#source = undefined
  }

  timelineKnown(now: number): void {
    this.#onTimeline(now)
  }

  send(handed: Handed, last: boolean, now: number): boolean {
    const { packet, frame, place } = handed
    const numbers = this.#numbers
    if (place < numbers.firstPlace) return false
    const payloadType = this.#payloadTypes[packet.payloadType] as number
    if (payloadType === unmapped) {
      this.omit(handed, now)
      return false
    }
    const headerLength = this.#layout.lengthFor(packet)
    const number = numbers.number(place)
    if (headerLength < 0 || Number.isNaN(number)) return false
    const timestamp = numbers.timestamp(packet.timestamp)
    // Used even if it cannot go out: a number is never given twice.
    numbers.used(place, number, timestamp, now)
    this.#lastPayloadType = payloadType
    if (last && !packet.marker) {
      this.#marked ??= new RecentNumbers()
      this.#marked.add(place)
    }
    if (frame.frameNumber >= 0) this.#noteFrame((frame.frameNumber + this.#frameShift) & 0xffff)
    this.#pictures?.sent(frame.numbers, place)
    const bytes = headerLength + packet.payloadEnd - packet.payloadStart
    if (this.#source?.remembers && !this.#departures.mayPass(this, bytes, now)) {
      this.#departures.hold(this, place, last, bytes, now)
      return true
    }
    this.#write(packet, frame.numbers, place, number, last, now)
    return true
  }

  /** Sends a packet that was held back, if it is still remembered. */
  release(place: number, last: boolean, now: number): void {
    this.#layouts.next()
    const number = this.#numbers.number(place)
    if (!this.ready || !(place >= this.#numbers.firstPlace) || !this.#source?.recall(place, recalled, now)) return
    if (this.#layout.lengthFor(recalled) < 0 || !this.accepts(recalled.payloadType)) return
    this.#readNumbers(recalled)
    this.#write(recalled, numbersAgain, place, number, last, now)
  }

  #write(packet: RtpPacket, numbers: LayerInfo, place: number, number: number, last: boolean, now: number): void {
    const transport = this.transport as RtpTransport
    let payloadType = this.#payloadTypes[packet.payloadType] as number
    let { bytes: source, payloadStart, payloadEnd } = packet
    const redEnd = this.#departures.redDistance > 0 ? this.#makeRed(packet, place) : 0
    if (redEnd > 0) {
      payloadType = this.#redPayloadTypes[packet.payloadType] as number
      source = redPayload
      payloadStart = 0
      payloadEnd = redEnd
      this.#counters.redSent++
    }
    const bytes = this.#layout.lengthFor(packet) + payloadEnd - payloadStart
    const at = transport.reserve(bytes)
    const second = last ? payloadType | markerBit : payloadType
    const timestamp = this.#numbers.timestamp(packet.timestamp)
    const headerEnd = this.#writeHeader(at, second, number & 0xffff, timestamp, this.#ssrc)
    const pictures = this.#pictures
    const isRewritten = pictures?.apply(packet, numbers, place)
    const sent = transport.sendRtp(at, headerEnd, source, payloadStart, payloadEnd, now)
    if (isRewritten) pictures?.restore(packet, numbers)
    if (!sent) return
    this.#lastPlace = place
    this.#isBetween = last
    this.#departures.sent(bytes, now)
    this.statistics.sent(payloadEnd - payloadStart)
  }

  /** See {@link RedMaker.write}. */
  #makeRed(packet: RtpPacket, place: number): number {
    if (!this.#source || this.#redPayloadTypes[packet.payloadType] === unmapped) return 0
    const payloadType = this.#payloadTypes[packet.payloadType] as number
    // What was before the first packet has no number here.
    const distance = Math.min(this.#departures.redDistance, place - this.#numbers.firstPlace)
    return this.#source.redMaker.write(packet, place, payloadType, distance, redPayload)
  }

  #noteFrame(number: number): void {
    if (this.#lastFrame < 0 || sequenceDistance(this.#lastFrame, number) > 0) this.#lastFrame = number
  }

  omit({ packet, frame, place }: Handed, now: number): void {
    if (place < this.#numbers.firstPlace) return
    if (!this.#numbers.omit(place)) this.#fill(packet, place, now)
    else if (this.#codec === 'vp8') this.#pictures?.omit(frame.numbers, place)
  }

  /** Spends the number of a packet that is not sent on mere padding, so that nobody asks for it. */
  #fill(packet: RtpPacket, place: number, now: number): void {
    const number = this.#numbers.number(place)
    if (!this.transport || this.#layout.lengthFor(packet) < 0 || Number.isNaN(number)) return
    if (this.#lastPayloadType === unmapped) return
    this.#filled ??= new RecentNumbers()
    this.#filled.add(place)
    const timestamp = this.#numbers.timestamp(packet.timestamp)
    this.#numbers.used(place, number, timestamp, now)
    this.#sendPadding(packet, number, timestamp, littlePadding, now)
  }

  /** Sends a header like that of a packet, and mere padding. Returns how many bytes went out. */
  #sendPadding(packet: RtpPacket, number: number, timestamp: number, padding: Uint8Array, now: number): number {
    const transport = this.transport as RtpTransport
    const bytes = this.#layout.lengthFor(packet) + padding.length
    const at = transport.reserve(bytes)
    const headerEnd = this.#writeHeader(at, this.#lastPayloadType, number & 0xffff, timestamp, this.#ssrc)
    transport.outgoing[at] = (transport.outgoing[at] as number) | paddingBit
    if (!transport.sendRtp(at, headerEnd, padding, 0, padding.length, now)) return 0
    this.#departures.sent(bytes, now)
    this.statistics.sent(0)
    return bytes
  }

  #writeHeader(at: number, second: number, number: number, timestamp: number, ssrc: number): number {
    const { outgoing } = this.transport as RtpTransport
    const { sequenceNumber } = this.#departures
    return this.#layout.write(
      outgoing,
      at,
      second,
      number,
      timestamp,
      ssrc,
      this.#mid,
      this.#frameShift,
      sequenceNumber,
    )
  }

  /** Sends again what the subscriber misses (RFC 4588), as far as it is in the history and within bounds. */
  retransmit(lost: readonly number[], now: number): void {
    this.#counters.nacksReceived += lost.length
    const source = this.#source
    for (const sequenceNumber of lost) {
      const place = this.#numbers.placeOf(sequenceNumber)
      this.#layouts.next()
      const found = source !== undefined && !Number.isNaN(place) && source.recall(place, recalled, now)
      if (found && this.#sendAgain(recalled, place, sequenceNumber, now)) this.#counters.retransmitted++
      else this.#counters.notRetransmitted++
    }
  }

  #findLayout(): HeaderLayout {
    return this.#layouts.layout(this.#media.extensions, this.#mid.length)
  }

  /** What the timestamp of another stream's packet is in the one before: both tell the publisher's time. NaN: not known. */
  #aligned({ senderReport: next }: TappedStream, timestamp: number, clockRate: number): number {
    const last = this.#source?.senderReport
    if (!last || !next || last.clockRate !== clockRate || next.clockRate !== clockRate) return Number.NaN
    const ms =
      unixMsFromNtp(next.ntp) -
      unixMsFromNtp(last.ntp) +
      timestampDistance(next.rtpTimestamp, timestamp) / (clockRate / 1000)
    return this.#numbers.timestamp(last.rtpTimestamp + Math.round((ms * clockRate) / 1000))
  }

  #sendAgain(packet: RtpPacket, place: number, sequenceNumber: number, now: number): boolean {
    const bytes = packet.payloadEnd - packet.start + rtxHeaderLength
    const { octets, roundTripMs: measuredMs } = this.statistics
    const roundTripMs = Number.isNaN(measuredMs) ? assumedRoundTripMs : measuredMs
    this.#budget ??= new RetransmissionBudget()
    return (
      this.#repairs(packet.payloadType) &&
      this.#budget.take(place, bytes, octets, roundTripMs, now) &&
      this.#repair(packet, place, sequenceNumber, now) > 0
    )
  }

  /** Whether packets of this payload type can be sent again now. */
  #repairs(payloadType: number): boolean {
    return this.#rtxPayloadTypes[payloadType] !== unmapped && this.#media.rtxSsrc !== undefined && this.ready
  }

  /** Returns how many bytes went out. */
  #repair(packet: RtpPacket, place: number, sequenceNumber: number, now: number): number {
    const transport = this.transport as RtpTransport
    const payloadType = this.#rtxPayloadTypes[packet.payloadType] as number
    const headerLength = this.#layout.lengthFor(packet)
    if (headerLength < 0) return 0
    const isPadding = this.#filled?.has(place) === true
    const payloadEnd = isPadding ? packet.payloadStart : packet.payloadEnd
    this.#readNumbers(packet)
    const isRewritten = this.#pictures?.apply(packet, numbersAgain, place)
    const marker = !isPadding && (packet.marker || this.#marked?.has(place) === true)
    const second = marker ? payloadType | markerBit : payloadType
    const timestamp = this.#numbers.timestamp(packet.timestamp)
    const payloadStart = packet.payloadStart - rtxHeaderLength
    setUint16At(packet.bytes, payloadStart, sequenceNumber)
    const bytes = headerLength + payloadEnd - payloadStart
    const at = transport.reserve(bytes)
    const rtxSsrc = this.#media.rtxSsrc ?? 0
    const headerEnd = this.#writeHeader(at, second, this.#rtxSequenceNumber, timestamp, rtxSsrc)
    this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff
    const sent = transport.sendRtp(at, headerEnd, packet.bytes, payloadStart, payloadEnd, now)
    if (isRewritten) this.#pictures?.restore(packet, numbersAgain)
    if (sent) this.#departures.sent(bytes, now)
    return sent ? bytes : 0
  }

  /**
   * Sends what nobody needs, to see whether the link carries it: the last packet once more, or to who takes nothing again, padding
   * between two pictures. Returns how many bytes went out.
   */
  probe(now: number): number {
    if (!this.remembers) return this.#pad(now)
    const source = this.#source
    const place = this.#lastPlace
    const number = this.#numbers.number(place)
    if (!source || !(place >= this.#numbers.firstPlace) || Number.isNaN(number)) return 0
    this.#layouts.next()
    if (!source.recall(place, recalled, now) || !this.#repairs(recalled.payloadType)) return 0
    return this.#repair(recalled, place, number & 0xffff, now)
  }

  #pad(now: number): number {
    if (!this.#isBetween || this.lane === lanes.audio || !this.ready) return 0
    this.#layouts.next()
    return this.#sendPadding(bare, this.#numbers.insert(), this.#numbers.lastTimestamp, muchPadding, now)
  }

  #readNumbers({ bytes, payloadStart, payloadEnd }: RtpPacket): void {
    numbersAgain.reset()
    readers[this.#codec]?.(bytes, payloadStart, payloadEnd, numbersAgain)
  }

  /** See {@link SendingStatistics.report}. */
  senderReport(now: number): SenderReport | undefined {
    const timestampOf = (timestamp: number) => this.#numbers.timestamp(timestamp)
    return this.statistics.report(this.#ssrc, this.#source?.senderReport, timestampOf, now)
  }
}

/** Who numbers pictures in their payloads. */
const readers: Readonly<Record<string, typeof readVp8Layers | undefined>> = { vp8: readVp8Layers, vp9: readVp9Layers }
/** What retransmissions are read into; nothing is kept in these. */
const recalled = new RtpPacket()
const numbersAgain = new LayerInfo()
/** Where the payloads of RED are written, before they are encrypted from here. */
const redPayload = new Uint8Array(1500)
/** Payloads of nothing but padding, whose last byte tells its length (RFC 3550 §5.1). */
const littlePadding = Uint8Array.of(1)
const muchPadding = new Uint8Array(255)
muchPadding[254] = 255
/** A packet without extensions. */
const bare = new RtpPacket()
bare.parse(Uint8Array.of(0x80, ...new Uint8Array(11)), 0, 12)

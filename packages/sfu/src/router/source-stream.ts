import { RtpPacket, type SenderReport, timestampDistance } from '@parley/rtp'
import type { PublishedCodec } from '../control.ts'
import { Alarm, type Alarms } from './alarms.ts'
import { Compaction } from './compaction.ts'
import type { RouterCounters } from './counters.ts'
import { DescriptorReader } from './descriptor-reader.ts'
import { FrameInfo } from './frame-info.ts'
import type { HeaderLayouts } from './header-layouts.ts'
import { KeyFrameRequests } from './key-frame-requests.ts'
import { LayerRates } from './layer-rates.ts'
import { NackGenerator } from './nack-generator.ts'
import { PacketHistory } from './packet-history.ts'
import { ParameterSets } from './parameter-sets.ts'
import { RecentNumbers } from './recent-numbers.ts'
import { ReceptionStatistics } from './reception-statistics.ts'
import { RedMaker } from './red/red-maker.ts'
import { RedSplitter } from './red/red-splitter.ts'
import { SequenceWindow } from './sequence-window.ts'
import type { Handed, SourceReport, Tap, TappedStream } from './tap.ts'

/** Timestamps that go back, or run ahead of the time that passed, by more are of another clock. */
const clockJumpMs = { back: 3000, ahead: 10_000 } as const

/** Receivers may claim what they like. */
const longestRoundTripMs = 500

/** How a packet came: on its own, sent again, or repeated in the RED of a later one. */
type Way = 'itself' | 'again' | 'repeated'

/** What a stream asks of its publisher. */
export interface SourceFeedback {
  /** False if it cannot be sent now. */
  requestKeyFrame(ssrc: number, repeated: boolean, now: number): boolean
  nack(ssrc: number, lost: readonly number[], now: number): void
}

export interface SourceStreamOptions {
  readonly ssrc: number
  readonly kind: 'audio' | 'video'
  readonly layouts: HeaderLayouts
  readonly alarms: Alarms
  readonly feedback: SourceFeedback
  readonly counters: RouterCounters
  /** The size of its pictures is another now. */
  readonly resized: (now: number) => void
  readonly now: number
}

/** One SSRC of a publisher's: lets each packet pass once, asks for those that miss, and hands them to its taps. */
export class SourceStream implements TappedStream {
  readonly ssrc: number
  readonly statistics = new ReceptionStatistics()
  timeline: object = {}
  senderReport: SourceReport | undefined
  codec: PublishedCodec | undefined
  readonly openedAt: number
  /** When the last packet came, ms. */
  lastAt: number
  readonly #kind: 'audio' | 'video'
  readonly #layouts: HeaderLayouts
  readonly #alarms: Alarms
  readonly #feedback: SourceFeedback
  readonly #counters: RouterCounters
  readonly #resized: (now: number) => void
  readonly #window = new SequenceWindow()
  readonly #compaction = new Compaction()
  readonly #nack = new NackGenerator()
  readonly #nackAlarm = new Alarm(now => this.#askAgain(now))
  readonly #keyFrames: KeyFrameRequests
  readonly #taps: Tap[] = []
  /** They have begun with a late packet; what came after it they have not had. */
  readonly #behind: Tap[] = []
  readonly #frame = new FrameInfo()
  /** Serves all packets. */
  #handed: { -readonly [Member in keyof Handed]: Handed[Member] } | undefined
  /** How much flows, by layers. */
  readonly rates = new LayerRates()
  highestPlace = Number.NEGATIVE_INFINITY
  /** Of the pictures, as they say themselves; 0: not known. */
  pixels = 0
  #sets: ParameterSets | undefined
  #descriptors: DescriptorReader | undefined
  #history: PacketHistory | undefined
  #redMaker: RedMaker | undefined
  #redSplitter: RedSplitter | undefined
  /** Packets that were taken out of RED. They may have been overtaken merely. */
  #repeated: RecentNumbers | undefined
  #timestamp = 0
  #keyFrameAt = Number.NEGATIVE_INFINITY

  constructor({ ssrc, kind, layouts, alarms, feedback, counters, resized, now }: SourceStreamOptions) {
    this.ssrc = ssrc
    this.openedAt = now
    this.lastAt = now
    this.#kind = kind
    this.#layouts = layouts
    this.#alarms = alarms
    this.#feedback = feedback
    this.#counters = counters
    this.#resized = resized
    this.#keyFrames = new KeyFrameRequests(alarms, (repeated, at) => feedback.requestKeyFrame(ssrc, repeated, at))
  }

  /**
   * A packet as it was sent first, of the codec itself or of its RED, of which the view is then that of the primary block. False if
   * it was not a new one.
   */
  receive(packet: RtpPacket, codec: PublishedCodec, retransmitted: boolean, now: number): boolean {
    if (packet.payloadType !== codec.payloadType) return this.#takeApart(packet, codec, now)
    return this.#receive(packet, codec, retransmitted ? 'again' : 'itself', now)
  }

  /** RED: first come the packets that it makes up for. */
  #takeApart(packet: RtpPacket, codec: PublishedCodec, now: number): boolean {
    this.#counters.redReceived++
    this.#redSplitter ??= new RedSplitter()
    const red = this.#redSplitter
    if (!red.read(packet, codec.payloadType)) {
      this.#counters.malformedRed++
      return false
    }
    for (let block = 0; block < red.redundant; block++) {
      const sequenceNumber = red.numberOf(block)
      if (sequenceNumber < 0 || !this.#window.isMissing(sequenceNumber)) continue
      this.#receive(red.showRedundant(block), codec, 'repeated', now)
    }
    return this.#receive(red.showPrimary(), codec, 'itself', now)
  }

  #receive(packet: RtpPacket, codec: PublishedCodec, way: Way, now: number): boolean {
    const highest = this.#window.highest
    const arrival = this.#window.accept(packet.sequenceNumber)
    const { extended } = this.#window
    if (arrival === 'duplicate') {
      this.#counters.duplicates++
      if (way === 'itself') this.#countOvertaken(packet, codec, now)
      return false
    }
    let place = arrival === 'stray' ? Number.NaN : this.#compaction.place(extended)
    if (Number.isNaN(place)) {
      this.#counters.stray++
      return false
    }
    const newest = arrival !== 'late'
    if (arrival === 'restart') this.#restart()
    else if (!newest && way === 'repeated') this.#nack.recovered(extended)
    else if (!newest) this.#nack.arrived(extended, way === 'again', now)
    else if (extended > highest + 1) this.#missing(highest + 1, extended, codec, now)
    if (way === 'again') this.#counters.recovered++
    else if (way === 'repeated') this.#countRepeated(extended)
    else this.statistics.received(extended, packet.timestamp, codec.clockRate, arrival === 'restart', now)
    if (newest && packet.payloadStart === packet.payloadEnd) {
      this.#counters.padding++
      this.#compaction.omit(extended)
    } else {
      if (newest) this.#goOn(packet, codec, now)
      const frame = this.#frame
      frame.newest = place > this.highestPlace
      if (this.#kind === 'video') frame.read(packet, codec.name, this.#descriptors, place)
      this.rates.count(packet.payloadEnd - packet.payloadStart, frame)
      const isKey = frame.start === 'key'
      if (isKey) this.#measurePixels(frame.pixels, now)
      const { payloadStart, payloadEnd, timestamp } = packet
      if (this.#sets?.missing(packet.bytes, payloadStart, payloadEnd, timestamp) && newest) {
        place = this.#sendParameterSets(this.#sets, packet, codec, extended, place, now)
      }
      this.#history?.add(place, packet, now)
      if (isKey) this.#keyFrameBegan(extended, now)
      this.#hand(packet, codec, place, now)
    }
    this.lastAt = now
    return true
  }

  #countRepeated(extended: number): void {
    this.#counters.recoveredByRed++
    this.#repeated ??= new RecentNumbers()
    this.#repeated.add(extended)
  }

  /** One that was taken out of RED has come after all, so it is not lost. */
  #countOvertaken(packet: RtpPacket, codec: PublishedCodec, now: number): void {
    const extended = this.#window.extend(packet.sequenceNumber)
    if (!this.#repeated?.has(extended)) return
    this.#repeated.remove(extended)
    this.statistics.received(extended, packet.timestamp, codec.clockRate, false, now)
  }

  /** Puts the parameter sets before a key frame that lacks them; returns the place that is left to it. */
  #sendParameterSets(
    sets: ParameterSets,
    packet: RtpPacket,
    codec: PublishedCodec,
    extended: number,
    place: number,
    now: number,
  ): number {
    this.#compaction.insert(extended, sets.count)
    let next = place
    const { start } = this.#frame
    this.#frame.start = 'key'
    for (const set of sets.packets(packet)) {
      this.#history?.add(next, set, now)
      this.#hand(set, codec, next, now)
      next++
    }
    this.#frame.start = start
    return next
  }

  #hand(packet: RtpPacket, codec: PublishedCodec, place: number, now: number): void {
    this.#layouts.next()
    const taps = this.#taps
    this.#handed ??= { packet, codec, frame: this.#frame, place }
    const handed = this.#handed
    handed.packet = packet
    handed.codec = codec
    handed.place = place
    for (let i = 0; i < taps.length; i++) if (taps[i]?.take(this, handed, now)) this.#counters.rtpForwarded++
    this.#redMaker?.remember(packet, place)
    if (this.#behind.length > 0) this.#catchUp(codec, place, now)
    if (place > this.highestPlace) this.highestPlace = place
  }

  /** Hands what is remembered to those who have begun with the packet of this place, which was late. */
  #catchUp(codec: PublishedCodec, begun: number, now: number): void {
    for (const tap of this.#behind.splice(0)) {
      for (let place = begun + 1; place <= this.highestPlace; place++) {
        if (!this.recall(place, replayed, now)) continue
        this.#layouts.next()
        const frame = replayedFrame.read(replayed, codec.name, this.#descriptors, place)
        if (this.#taps.includes(tap)) tap.take(this, { packet: replayed, codec, frame, place }, now)
      }
    }
  }

  behind(tap: Tap): void {
    this.#behind.push(tap)
  }

  /** @param id Under which dependency descriptors come; undefined: none were agreed. */
  setDependencyDescriptor(id: number | undefined): void {
    if (id === undefined) this.#descriptors = undefined
    else if (this.#descriptors) this.#descriptors.id = id
    else this.#descriptors = new DescriptorReader(id)
  }

  add(tap: Tap): void {
    if (!this.#taps.includes(tap)) this.#taps.push(tap)
    this.rememberFor(tap)
  }

  remove(tap: Tap): void {
    const at = this.#taps.indexOf(tap)
    if (at >= 0) this.#taps.splice(at, 1)
    if (this.#taps.length > 0) return
    this.#keyFrames.satisfied()
    this.#nack.clear()
    this.#history = undefined
    this.#redMaker = undefined
  }

  rememberFor(tap: Tap): void {
    if (tap.remembers) this.#history ??= new PacketHistory()
  }

  wantKeyFrame(now: number): void {
    if (this.#kind === 'video' && this.#taps.length > 0) this.#keyFrames.want(now)
  }

  pictureLost(roundTripMs: number, now: number): void {
    const unknowingMs = Math.min(roundTripMs, longestRoundTripMs)
    if (now - this.#keyFrameAt < unknowingMs) return
    this.wantKeyFrame(now)
  }

  #measurePixels(pixels: number, now: number): void {
    if (pixels === 0 || pixels === this.pixels) return
    this.pixels = pixels
    this.lastAt = now
    this.#resized(now)
  }

  /** Of the pictures of a spatial layer, where the highest says its size; without a word, each is twice as wide as the one below. */
  pixelsOf(spatial: number): number {
    const told = this.#descriptors?.structure?.resolutions[spatial]
    if (told) return told.width * told.height
    return this.pixels / 4 ** (this.rates.spatialLayers - 1 - spatial)
  }

  get redMaker(): RedMaker {
    this.#redMaker ??= new RedMaker()
    return this.#redMaker
  }

  get remembers(): boolean {
    return this.#history !== undefined
  }

  get historyBytes(): number {
    return this.#history?.capacity ?? 0
  }

  recall(place: number, view: RtpPacket, now: number): boolean {
    return this.#history?.read(place, view, now) ?? false
  }

  receiveReport({ ntp, rtpTimestamp }: Pick<SenderReport, 'ntp' | 'rtpTimestamp'>, now: number): void {
    this.statistics.senderReport(ntp, now)
    if (!this.codec || !this.#isOfThisClock(rtpTimestamp, this.codec.clockRate, now)) return
    const isFirst = this.senderReport === undefined
    this.senderReport = { ntp, rtpTimestamp, clockRate: this.codec.clockRate, at: now }
    if (isFirst) for (const tap of this.#taps) tap.timelineKnown(this, now)
  }

  close(): void {
    for (const tap of [...this.#taps]) tap.ended(this)
    this.#taps.length = 0
    this.#alarms.clear(this.#nackAlarm)
    this.#keyFrames.satisfied()
    this.#history = undefined
  }

  /** Looks whether this packet, the newest, goes on from the one before, or is another codec's or clock's. */
  #goOn(packet: RtpPacket, codec: PublishedCodec, now: number): void {
    const before = this.codec
    this.codec = codec
    if (!before || !sameCodec(codec, before)) this.#sets = ParameterSets.of(codec)
    if (before) {
      const ticksPerMs = codec.clockRate / 1000
      const step = timestampDistance(this.#timestamp, packet.timestamp) / ticksPerMs
      const jumped = step < -clockJumpMs.back || step > now - this.lastAt + clockJumpMs.ahead
      if (jumped || codec.clockRate !== before.clockRate) this.#restart()
      else if (this.#kind === 'video' && !sameCodec(codec, before)) this.#tellRestart()
      if (this.#taps.some(tap => tap.waitsFor(this, codec.payloadType))) this.wantKeyFrame(now)
    }
    this.#timestamp = packet.timestamp
  }

  /** A report that was overtaken by a new clock's packets says nothing of that. */
  #isOfThisClock(rtpTimestamp: number, clockRate: number, now: number): boolean {
    const aheadMs = timestampDistance(this.#timestamp, rtpTimestamp) / (clockRate / 1000)
    return Math.abs(aheadMs - (now - this.lastAt)) < clockJumpMs.ahead
  }

  #restart(): void {
    this.#nack.clear()
    this.senderReport = undefined
    this.timeline = {}
    this.#tellRestart()
  }

  #tellRestart(): void {
    for (const tap of [...this.#taps]) tap.restarted(this)
  }

  #keyFrameBegan(extended: number, now: number): void {
    this.#keyFrameAt = now
    this.#keyFrames.satisfied()
    this.#nack.forgetBefore(extended)
  }

  #missing(first: number, end: number, codec: PublishedCodec, now: number): void {
    if (this.#taps.length === 0 || !codec.feedback.includes('nack')) return
    this.#nack.missing(first, end, now)
    this.#alarms.setBy(this.#nackAlarm, this.#nack.nextAt)
  }

  #askAgain(now: number): void {
    const abandonedBefore = this.#nack.abandoned
    const count = this.#nack.due(now)
    if (count > 0) this.#feedback.nack(this.ssrc, this.#nack.numbers, now)
    const abandoned = this.#nack.abandoned - abandonedBefore
    this.#counters.abandoned += abandoned
    if (abandoned > 0) this.wantKeyFrame(now)
    if (this.#nack.nextAt < Number.POSITIVE_INFINITY) this.#alarms.set(this.#nackAlarm, this.#nack.nextAt)
  }
}

function sameCodec(one: PublishedCodec, other: PublishedCodec): boolean {
  return one === other || (one.name === other.name && one.parameters === other.parameters)
}

/** What is caught up with is read into these; nothing is kept in them. */
const replayed = new RtpPacket()
const replayedFrame = new FrameInfo()

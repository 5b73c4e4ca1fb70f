import { sequenceDistance, setUint16At, setUint32At } from '@parley/bytes'
import { RtpPacket } from '@parley/rtp'
import type { RouterCounters } from '../router/counters.ts'
import { copyBytes } from '../router/packet-history.ts'
import type { Handed, SourceReport, Tap, TappedStream } from '../router/tap.ts'
import { type PipeEnd, type PipeKind, pipeKinds } from './pipe-end.ts'

/** The other end takes such a step for the beginning of another numbering (see `SequenceWindow`). */
const restartStep = 0x4000

export interface PipedStreamOptions {
  readonly stream: TappedStream
  readonly encoding: number
  readonly end: PipeEnd
  /** What is lost in the pipe may be asked for. */
  readonly repairs: boolean
  readonly counters: RouterCounters
}

/**
 * A stream on its way into a pipe, numbered by its places: what is missing leaves a gap, and fills it when it comes after all; what was
 * not wanted leaves none.
 */
export class PipedStream implements Tap {
  readonly remembers: boolean
  readonly stream: TappedStream
  readonly #encoding: number
  readonly #end: PipeEnd
  readonly #counters: RouterCounters
  #timeline: object
  /** What goes now began with this place; NaN: it begins with the next packet. */
  #firstPlace = Number.NaN
  #highestPlace = 0
  /** Of the highest place, extended. */
  #number = 0
  #told: SourceReport | undefined

  constructor({ stream, encoding, end, repairs, counters }: PipedStreamOptions) {
    this.remembers = repairs
    this.stream = stream
    this.#encoding = encoding
    this.#end = end
    this.#counters = counters
    this.#timeline = stream.timeline
  }

  start(): void {
    this.stream.add(this)
  }

  stop(): void {
    this.stream.remove(this)
    this.#firstPlace = Number.NaN
  }

  waitsFor(): boolean {
    return false
  }

  take(stream: TappedStream, { packet, place }: Handed): boolean {
    if (Number.isNaN(this.#firstPlace)) this.#begin(place, 1)
    else if (stream.timeline !== this.#timeline) this.#begin(place, restartStep)
    else if (place < this.#firstPlace) return false
    else if (place > this.#highestPlace) this.#advance(place, place - this.#highestPlace)
    this.#timeline = stream.timeline
    this.#send(pipeKinds.packet, packet, this.#number + place - this.#highestPlace)
    if (stream.senderReport && stream.senderReport !== this.#told) this.#tell(stream.senderReport)
    return false
  }

  /** The other end misses these. */
  repair(lost: readonly number[], now: number): void {
    for (const number of lost) {
      const place = this.#highestPlace + sequenceDistance(this.#number & 0xffff, number)
      if (place < this.#firstPlace || place > this.#highestPlace || !this.stream.recall(place, recalled, now)) continue
      this.#send(pipeKinds.repair, recalled, number)
    }
  }

  /** Seen by its timeline, with the next packet. */
  restarted(): void {}

  timelineKnown(): void {}

  ended(): void {}

  #begin(place: number, step: number): void {
    this.#firstPlace = place
    this.#advance(place, step)
  }

  #advance(place: number, step: number): void {
    this.#highestPlace = place
    this.#number += step
  }

  #send(kind: PipeKind, packet: RtpPacket, number: number): void {
    const { bytes, start, extensionsEnd, payloadStart, payloadEnd } = packet
    const headerLength = extensionsEnd - start
    const length = headerLength + payloadEnd - payloadStart
    const at = this.#end.begin(kind, this.#encoding, length)
    const { outgoing } = this.#end
    copyBytes(bytes, start, extensionsEnd, outgoing, at)
    copyBytes(bytes, payloadStart, payloadEnd, outgoing, at + headerLength)
    // Padding does not go along.
    outgoing[at] = (outgoing[at] as number) & 0xdf
    outgoing[at + 1] = (packet.marker ? 0x80 : 0) | packet.payloadType
    setUint16At(outgoing, at + 2, number & 0xffff)
    setUint32At(outgoing, at + 4, packet.timestamp)
    setUint32At(outgoing, at + 8, packet.ssrc)
    if (this.#end.send(at + length)) this.#counters.pipedOut++
  }

  #tell(report: SourceReport): void {
    const { ntp, rtpTimestamp } = report
    const at = this.#end.begin(pipeKinds.report, this.#encoding, 12)
    setUint32At(this.#end.outgoing, at, ntp.seconds)
    setUint32At(this.#end.outgoing, at + 4, ntp.fraction)
    setUint32At(this.#end.outgoing, at + 8, rtpTimestamp)
    if (this.#end.send(at + 12)) this.#told = report
  }
}

/** What retransmissions are read into; nothing is kept in it. */
const recalled = new RtpPacket()

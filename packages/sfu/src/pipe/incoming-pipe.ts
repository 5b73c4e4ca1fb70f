import { setUint16At, uint32At } from '@parley/bytes'
import { RtpPacket } from '@parley/rtp'
import type { FromMedia, PublishedMedia } from '../control.ts'
import { Alarm, type Alarms } from '../router/alarms.ts'
import type { RouterCounters } from '../router/counters.ts'
import { Publication } from '../router/publication.ts'
import type { SourceFeedback, SourceStream } from '../router/source-stream.ts'
import { type PipeEnd, type PipeKind, pipeKinds } from './pipe-end.ts'

/** What is wanted is said again after so long: it may have been lost. */
const demandMs = 1000
const reportLength = 12

export interface IncomingPipeOptions {
  readonly end: PipeEnd
  readonly publication: number
  readonly media: PublishedMedia
  readonly alarms: Alarms
  readonly counters: RouterCounters
  readonly now: number
}

/** A publication of another router's, here as if it were published here. What is asked of its publisher goes back through the pipe. */
export class IncomingPipe implements SourceFeedback {
  readonly end: PipeEnd
  readonly publication: Publication
  readonly #alarms: Alarms
  readonly #counters: RouterCounters
  readonly #packet = new RtpPacket()
  readonly #alarm = new Alarm(now => this.#repeat(now))
  /** What was said to be wanted, by encoding. */
  #demand: readonly boolean[] = []

  constructor({ end, publication, now, ...options }: IncomingPipeOptions) {
    this.end = end
    this.#alarms = options.alarms
    this.#counters = options.counters
    const report = (message: FromMedia) => {
      if (message.is === 'demand') this.#say(message.layers)
    }
    this.publication = new Publication({ ...options, id: publication, feedback: this, report })
    if (this.publication.kind === 'video') this.#alarms.set(this.#alarm, now + demandMs)
  }

  /** What came through the pipe. False: it makes no sense. */
  receive(bytes: Uint8Array, kind: number, encoding: number, start: number, end: number, now: number): boolean {
    if (kind === pipeKinds.packet) return this.#receiveRtp(bytes, encoding, start, end, false, now)
    if (kind === pipeKinds.repair) return this.#receiveRtp(bytes, encoding, start, end, true, now)
    return kind === pipeKinds.report && this.#receiveReport(bytes, encoding, start, end, now)
  }

  requestKeyFrame(ssrc: number): boolean {
    return this.end.send(this.#begin(pipeKinds.keyFrame, ssrc, 0))
  }

  nack(ssrc: number, lost: readonly number[]): void {
    const at = this.#begin(pipeKinds.nack, ssrc, 2 * lost.length)
    for (const [i, number] of lost.entries()) setUint16At(this.end.outgoing, at + 2 * i, number)
    this.end.send(at + 2 * lost.length)
  }

  /** The publisher is not here, and neither are its sources to forget. */
  republished(): void {}

  unpublish(): void {
    this.#alarms.clear(this.#alarm)
  }

  #receiveRtp(
    bytes: Uint8Array,
    encoding: number,
    start: number,
    end: number,
    repaired: boolean,
    now: number,
  ): boolean {
    const { publication } = this
    const packet = this.#packet
    if (encoding >= publication.media.encodings.length || !packet.parse(bytes, start, end)) return false
    const codec = publication.codec(packet.payloadType)
    if (!codec) return false
    this.#counters.pipedIn++
    publication.receive(this.#stream(encoding, packet.ssrc, now), packet, codec, repaired, now)
    return true
  }

  #stream(encoding: number, ssrc: number, now: number): SourceStream {
    const stream = this.publication.streams[encoding]
    return stream?.ssrc === ssrc ? stream : this.publication.open(encoding, ssrc, now)
  }

  #receiveReport(bytes: Uint8Array, encoding: number, start: number, end: number, now: number): boolean {
    const stream = this.publication.streams[encoding]
    if (end - start !== reportLength || !stream) return false
    const ntp = { seconds: uint32At(bytes, start), fraction: uint32At(bytes, start + 4) }
    stream.receiveReport({ ntp, rtpTimestamp: uint32At(bytes, start + 8) }, now)
    return true
  }

  #begin(kind: PipeKind, ssrc: number, bytes: number): number {
    const encoding = this.publication.streams.findIndex(stream => stream?.ssrc === ssrc)
    return this.end.begin(kind, encoding, bytes)
  }

  #say(demand: readonly boolean[]): void {
    this.#demand = demand
    this.#sendDemand()
  }

  #repeat(now: number): void {
    this.#sendDemand()
    this.#alarms.set(this.#alarm, now + demandMs)
  }

  #sendDemand(): void {
    const demand = this.#demand
    const at = this.end.begin(pipeKinds.demand, 0, demand.length)
    for (const [encoding, wanted] of demand.entries()) this.end.outgoing[at + encoding] = wanted ? 1 : 0
    this.end.send(at + demand.length)
  }
}

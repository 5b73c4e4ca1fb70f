import { CompoundWriter, RtpPacket, restoreOriginal, SequenceUnwrapper } from '@parley/rtp'
import type { SubscribedMedia } from '../../control.ts'
import { LayeredDecoder } from './layered-decoder.ts'

const tickMs = 10
const nackRetryMs = 80
const giveUpMs = 500
const betweenRequestsMs = 200

interface Missing {
  readonly since: number
  askedAt: number
}

/** Receives a layered stream as a browser would: asks for what is missing, gives up after a while and then wants a key frame. */
export class LayeredReceiver {
  readonly media: SubscribedMedia
  readonly decoder: LayeredDecoder
  readonly #sendRtcp: (bytes: Uint8Array, now: number) => void
  readonly #unwrapper = new SequenceUnwrapper()
  readonly #received = new Map<number, RtpPacket>()
  readonly #missing = new Map<number, Missing>()
  /** The next in order; NaN: a beginning is waited for. */
  #next = Number.NaN
  #highest = Number.NEGATIVE_INFINITY
  #nextTick = 0
  #requestedAt = Number.NEGATIVE_INFINITY

  constructor(media: SubscribedMedia, descriptorId: number, sendRtcp: (bytes: Uint8Array, now: number) => void) {
    this.media = media
    this.decoder = new LayeredDecoder(descriptorId)
    this.#sendRtcp = sendRtcp
  }

  nextTimeout(): number {
    return this.#nextTick
  }

  handleTimeout(now: number): void {
    if (now < this.#nextTick) return
    this.#nextTick = now + tickMs
    const lost: number[] = []
    let isGivenUp = false
    for (const [number, missing] of this.#missing) {
      if (now - missing.since > giveUpMs) isGivenUp = true
      else if (now - missing.since >= tickMs && now - missing.askedAt >= nackRetryMs) {
        lost.push(number & 0xffff)
        missing.askedAt = now
      }
    }
    if (isGivenUp) this.#giveUp(now)
    if (lost.length > 0)
      this.#write(writer => writer.add('nack', { senderSsrc: 1, mediaSsrc: this.media.ssrc, lost }), now)
    if (Number.isNaN(this.#next)) this.#requestKeyFrame(now)
  }

  receiveRtp(bytes: Uint8Array, now: number): void {
    const packet = new RtpPacket()
    if (!packet.parse(bytes, 0, bytes.length)) throw new Error('not an RTP packet')
    const { ssrc, rtxSsrc, payloadTypes } = this.media
    const mapping = payloadTypes.find(({ to, rtx }) => packet.payloadType === (packet.ssrc === ssrc ? to : rtx))
    if (!mapping) throw new Error(`payload type ${packet.payloadType} was not agreed`)
    // The router repeats padding as such, too: an original of nothing.
    if (packet.ssrc === rtxSsrc) restoreOriginal(packet, ssrc, mapping.to)
    const extended = this.#unwrapper.unwrap(packet.sequenceNumber)
    if (this.#highest > Number.NEGATIVE_INFINITY) {
      for (let number = this.#highest + 1; number < extended; number++) {
        this.#missing.set(number, { since: now, askedAt: Number.NEGATIVE_INFINITY })
      }
    }
    this.#highest = Math.max(this.#highest, extended)
    const isExpected = this.#missing.delete(extended) || extended >= this.#highest
    if (isExpected) this.#received.set(extended, packet)
    this.#goOn(now)
  }

  #goOn(now: number): void {
    if (Number.isNaN(this.#next)) this.#findBeginning(now)
    for (let packet = this.#received.get(this.#next); packet; packet = this.#received.get(this.#next)) {
      this.#received.delete(this.#next++)
      if (this.decoder.take(packet, now)) continue
      this.#next = Number.NaN
      return
    }
  }

  #findBeginning(now: number): void {
    const numbers = [...this.#received.keys()].toSorted((one, other) => one - other)
    this.#next = numbers.find(number => this.decoder.begins(this.#received.get(number) as RtpPacket)) ?? Number.NaN
    for (const number of numbers) if (number < this.#next) this.#received.delete(number)
    for (const number of this.#missing.keys()) if (number < this.#next) this.#missing.delete(number)
    // What was given up before may be of use from here on.
    for (let number = this.#next; number < this.#highest; number++) {
      const isThere = this.#received.has(number) || this.#missing.has(number)
      if (!isThere) this.#missing.set(number, { since: now, askedAt: Number.NEGATIVE_INFINITY })
    }
    if (!Number.isNaN(this.#next)) this.decoder.reset()
  }

  /** What is left before the next beginning goes, too. */
  #giveUp(now: number): void {
    let last = Number.NEGATIVE_INFINITY
    for (const [number, { since }] of this.#missing) {
      if (now - since <= giveUpMs) continue
      this.#missing.delete(number)
      last = Math.max(last, number)
    }
    for (const number of this.#received.keys()) if (number < last) this.#received.delete(number)
    for (const number of this.#missing.keys()) if (number < last) this.#missing.delete(number)
    this.#next = Number.NaN
    this.#requestKeyFrame(now)
    this.#goOn(now)
  }

  #requestKeyFrame(now: number): void {
    if (this.#highest === Number.NEGATIVE_INFINITY || now - this.#requestedAt < betweenRequestsMs) return
    this.#requestedAt = now
    this.#write(writer => writer.add('pictureLossIndication', { senderSsrc: 1, mediaSsrc: this.media.ssrc }), now)
  }

  #write(add: (writer: CompoundWriter) => CompoundWriter, now: number): void {
    const bytes = new Uint8Array(1500)
    this.#sendRtcp(bytes.subarray(0, add(new CompoundWriter().target(bytes)).end), now)
  }
}

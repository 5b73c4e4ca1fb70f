import { sequenceDistance } from '@parley/bytes'
import {
  CompoundWriter,
  compactNtp,
  compactNtpSpan,
  originalSequenceNumber,
  RtpPacket,
  readCompound,
  restoreOriginal,
  SequenceUnwrapper,
  timestampDistance,
} from '@parley/rtp'
import type { SubscribedMedia } from '../../control.ts'
import { decodePayload, type SyntheticPacket } from './synthetic-media.ts'

const tickMs = 10
const nackRetryMs = 80
const giveUpMs = { video: 500, audio: 100 } as const
const reportMs = 400

interface Received {
  readonly timestamp: number
  /** Undefined: mere padding. */
  readonly synthetic: SyntheticPacket | undefined
}

interface Missing {
  readonly since: number
  askedAt: number
}

/**
 * Receives one subscription as a browser would: asks for what is missing, goes on in order, gives up after a while and
 * then wants a key frame. Throws where what comes in a gapless order does not decode.
 */
export class ModelSubscriber {
  readonly media: SubscribedMedia
  readonly kind: 'audio' | 'video'
  /** Frames that were complete and decodable. */
  decoded = 0
  firstDecodedAt = Number.POSITIVE_INFINITY
  lastDecodedAt = Number.NEGATIVE_INFINITY
  pliCount = 0
  readonly #sendRtcp: (bytes: Uint8Array, now: number) => void
  readonly #unwrapper = new SequenceUnwrapper()
  readonly #received = new Map<number, Received>()
  readonly #missing = new Map<number, Missing>()
  readonly #packet = new RtpPacket()
  /** The next in order; NaN before a beginning was found. */
  #next = Number.NaN
  #highest = Number.NEGATIVE_INFINITY
  /** What is before it was taken, or given up. */
  #floor = Number.NEGATIVE_INFINITY
  #last: { readonly timestamp: number; readonly synthetic: SyntheticPacket } | undefined
  #nextTick = 0
  #nextReport = 0
  #lastPliAt = Number.NEGATIVE_INFINITY
  #lastSr: { readonly compact: number; readonly at: number } | undefined

  constructor(kind: 'audio' | 'video', media: SubscribedMedia, sendRtcp: (bytes: Uint8Array, now: number) => void) {
    this.kind = kind
    this.media = media
    this.#sendRtcp = sendRtcp
  }

  nextTimeout(): number {
    return this.#nextTick
  }

  handleTimeout(now: number): void {
    if (now < this.#nextTick) return
    this.#nextTick = now + tickMs
    this.#askAgain(now)
    if (now >= this.#nextReport) {
      this.#nextReport = now + reportMs
      this.#report(now)
    }
  }

  receiveRtp(bytes: Uint8Array, now: number): void {
    const packet = this.#packet
    if (!packet.parse(bytes, 0, bytes.length)) throw new Error('not an RTP packet')
    const { ssrc, rtxSsrc, payloadTypes } = this.media
    const mapping = payloadTypes.find(({ to, rtx }) => packet.payloadType === (packet.ssrc === ssrc ? to : rtx))
    if (!mapping) throw new Error(`payload type ${packet.payloadType} was not agreed`)
    if (packet.ssrc === rtxSsrc) {
      if (originalSequenceNumber(packet) < 0) return
      restoreOriginal(packet, ssrc, mapping.to)
    }
    if (packet.ssrc !== ssrc) throw new Error(`SSRC ${packet.ssrc} was not agreed`)
    this.#take(packet, now)
  }

  receiveRtcp(bytes: Uint8Array, now: number): void {
    const wellFormed = readCompound(bytes, 0, bytes.length, {
      senderReport: ({ ssrc, ntp }) => {
        if (ssrc === this.media.ssrc) this.#lastSr = { compact: compactNtp(ntp), at: now }
      },
    })
    if (!wellFormed) throw new Error('malformed RTCP')
  }

  #take(packet: RtpPacket, now: number): void {
    const extended = this.#unwrapper.unwrap(packet.sequenceNumber)
    const before = this.#received.get(extended)
    const synthetic = decodePayload(packet.bytes, packet.payloadStart, packet.payloadEnd)
    if (before && before.synthetic?.place !== synthetic?.place) throw new Error('a number was used twice')
    this.#received.set(extended, { timestamp: packet.timestamp, synthetic })
    this.#missing.delete(extended)
    if (extended < this.#floor) this.#received.delete(extended)
    if (this.#highest > Number.NEGATIVE_INFINITY) {
      for (let number = this.#highest + 1; number < extended; number++) {
        this.#missing.set(number, { since: now, askedAt: Number.NEGATIVE_INFINITY })
      }
    }
    this.#highest = Math.max(this.#highest, extended)
    this.#goOn(now)
  }

  #goOn(now: number): void {
    if (Number.isNaN(this.#next)) this.#findBeginning(now)
    if (Number.isNaN(this.#next)) return
    for (let received = this.#received.get(this.#next); received; received = this.#received.get(this.#next)) {
      this.#received.delete(this.#next++)
      this.#floor = this.#next
      if (received.synthetic) this.#decode(received.synthetic, received.timestamp, now)
    }
  }

  /** Of video a key frame, of sound anything. */
  #findBeginning(now: number): void {
    const numbers = [...this.#received.keys()].toSorted((one, other) => one - other)
    const begins = ({ synthetic }: Received) => synthetic?.index === 0 && synthetic.key
    this.#next = numbers.find(number => begins(this.#received.get(number) as Received)) ?? Number.NaN
    for (const number of numbers) if (number < this.#next) this.#received.delete(number)
    for (const number of this.#missing.keys()) if (number < this.#next) this.#missing.delete(number)
    for (let number = this.#next; number < this.#highest; number++) {
      if (!this.#received.has(number) && !this.#missing.has(number)) {
        this.#missing.set(number, { since: now, askedAt: Number.NEGATIVE_INFINITY })
      }
    }
    this.#last = undefined
  }

  #decode(packet: SyntheticPacket, timestamp: number, now: number): void {
    const last = this.#last
    if (last) {
      const step = timestampDistance(last.timestamp, timestamp)
      const sameFrame = last.synthetic.frame === packet.frame
      if (sameFrame ? step !== 0 : step <= 0) throw new Error(`timestamp steps by ${step}`)
    }
    if (this.kind === 'video' && !follows(last?.synthetic, packet)) {
      throw new Error(`${JSON.stringify(packet)} does not follow ${JSON.stringify(last?.synthetic)}`)
    }
    this.#last = { timestamp, synthetic: packet }
    if (packet.index < packet.count - 1) return
    this.decoded++
    this.firstDecodedAt = Math.min(this.firstDecodedAt, now)
    this.lastDecodedAt = now
  }

  #askAgain(now: number): void {
    const lost: number[] = []
    let givenUp = false
    for (const [number, missing] of this.#missing) {
      if (now - missing.since > giveUpMs[this.kind]) givenUp = true
      else if (now - missing.since >= tickMs && now - missing.askedAt >= nackRetryMs) {
        lost.push(number & 0xffff)
        missing.askedAt = now
      }
    }
    if (givenUp) this.#giveUp(now)
    if (lost.length > 0 && this.media.rtxSsrc !== undefined) {
      lost.sort((one, other) => -sequenceDistance(one, other))
      this.#write(writer => writer.add('nack', { senderSsrc: 1, mediaSsrc: this.media.ssrc, lost }), now)
    }
    if (this.kind === 'video' && Number.isNaN(this.#next)) this.#requestKeyFrame(now)
  }

  #giveUp(now: number): void {
    for (const [number, { since }] of this.#missing) if (now - since > giveUpMs[this.kind]) this.#missing.delete(number)
    // What is left of a broken frame goes too: begin again at the next beginning.
    this.#next = Number.NaN
    if (this.kind === 'video') this.#requestKeyFrame(now)
    this.#goOn(now)
  }

  #requestKeyFrame(now: number): void {
    if (this.#highest === Number.NEGATIVE_INFINITY || now - this.#lastPliAt < 200) return
    this.#lastPliAt = now
    this.pliCount++
    this.#write(writer => writer.add('pictureLossIndication', { senderSsrc: 1, mediaSsrc: this.media.ssrc }), now)
  }

  #report(now: number): void {
    const last = this.#lastSr
    if (!last) return
    const block = {
      ssrc: this.media.ssrc,
      fractionLost: 0,
      cumulativeLost: 0,
      highestSequenceNumber: 0,
      jitter: 0,
      lastSr: last.compact,
      delaySinceLastSr: compactNtpSpan(now - last.at),
    }
    this.#write(writer => writer.add('receiverReport', { ssrc: 1, reports: [block] }), now)
  }

  #write(add: (writer: CompoundWriter) => CompoundWriter, now: number): void {
    const bytes = new Uint8Array(1500)
    this.#sendRtcp(bytes.subarray(0, add(new CompoundWriter().target(bytes)).end), now)
  }
}

/** Whether a decoder that has had `before` can take this packet. */
function follows(before: SyntheticPacket | undefined, packet: SyntheticPacket): boolean {
  if (packet.index > 0) return before?.frame === packet.frame && before.index === packet.index - 1
  // A key frame needs nothing before it, not even the rest of a frame that was left when it was waited for.
  if (packet.key) return true
  const complete = before !== undefined && before.index === before.count - 1
  return complete && before.generation === packet.generation && before.frame === packet.frame - 1
}

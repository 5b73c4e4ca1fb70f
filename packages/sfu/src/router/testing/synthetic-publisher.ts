import { setUint16At, setUint32At } from '@parley/bytes'
import { CompoundWriter, headerExtensions, ntpFromUnixMs, readCompound } from '@parley/rtp'
import type { Feedback, PublishedMedia } from '../../control.ts'
import { encodePayload, type SyntheticCodec, type SyntheticPacket, syntheticCodecs } from './synthetic-media.ts'

const publisherMidId = 4
const headerLength = 20
const remembered = 1024
const reportMs = 400

export interface SyntheticPublisherOptions {
  readonly kind: 'audio' | 'video'
  readonly mid: string
  readonly random: () => number
  /** What its wall clock shows at 0. */
  readonly wallClockAt0: number
  /** Without SSRCs in the description, packets are found by their mid. */
  readonly signalSsrcs: boolean
  readonly send: (bytes: Uint8Array, now: number) => void
  readonly sendRtcp: (bytes: Uint8Array, now: number) => void
}

/** Publishes one track: frames in time, key frames and retransmissions when asked, sender reports. */
export class SyntheticPublisher {
  readonly options: SyntheticPublisherOptions
  codec: SyntheticCodec
  muted = false
  /** How often it was asked for key frames. */
  keyFrameRequests = 0
  ssrc: number
  rtxSsrc: number
  readonly #frameMs: number
  #nextFrame = 0
  #nextReport = 0
  #keyFrameWanted = true
  #frame = 0
  #generation = 0
  #place = 0
  #line = 0
  #sequenceNumber: number
  #rtxSequenceNumber = 0
  #timestampAt0: number
  #sent = new Map<number, Uint8Array>()

  constructor(options: SyntheticPublisherOptions) {
    this.options = options
    this.codec = options.kind === 'video' ? 'vp8' : 'opus'
    this.#frameMs = options.kind === 'video' ? 33 : 20
    this.ssrc = this.#random32()
    this.rtxSsrc = this.#random32()
    this.#sequenceNumber = this.#random32() & 0xffff
    this.#timestampAt0 = this.#random32()
  }

  get media(): PublishedMedia {
    const { kind, mid, signalSsrcs } = this.options
    const codecs = (kind === 'video' ? ['vp8', 'h264'] : ['opus', 'pcmu']) as readonly SyntheticCodec[]
    const feedback: readonly Feedback[] = kind === 'video' ? ['nack', 'nack pli', 'ccm fir'] : []
    return {
      kind,
      mid,
      encodings: [
        {
          rid: undefined,
          ssrc: signalSsrcs ? this.ssrc : undefined,
          rtxSsrc: signalSsrcs && kind === 'video' ? this.rtxSsrc : undefined,
        },
      ],
      codecs: codecs.map(name => ({
        payloadType: syntheticCodecs[name].payloadType,
        name,
        clockRate: syntheticCodecs[name].clockRate,
        channels: 1,
        parameters: '',
        feedback,
        rtxPayloadType: syntheticCodecs[name].rtxPayloadType,
      })),
      extensions: { [headerExtensions.mid]: publisherMidId },
    }
  }

  nextTimeout(): number {
    return Math.min(this.#nextFrame, this.#nextReport)
  }

  handleTimeout(now: number): void {
    if (this.#nextFrame <= now) {
      this.#nextFrame = now + this.#frameMs
      if (!this.muted) this.#sendFrame(now)
    }
    if (this.#nextReport <= now) {
      this.#nextReport = now + reportMs
      if (!this.muted) this.#sendReport(now)
    }
  }

  /** The encoder begins anew: under another SSRC, or the same with other numbers. */
  restart(newSsrc: boolean): void {
    if (newSsrc) {
      this.ssrc = this.#random32()
      this.rtxSsrc = this.#random32()
    }
    this.#line++
    const jump = newSsrc || this.options.random() < 0.5 ? 20_000 : 45_000
    this.#sequenceNumber = (this.#sequenceNumber + jump) & 0xffff
    this.#timestampAt0 = this.#random32()
    this.#sent = new Map()
    this.#beginAnew()
  }

  changeCodec(): void {
    const { kind } = this.options
    if (kind === 'video') this.codec = this.codec === 'vp8' ? 'h264' : 'vp8'
    else {
      this.codec = this.codec === 'opus' ? 'pcmu' : 'opus'
      this.#timestampAt0 = this.#random32()
    }
    this.#beginAnew()
  }

  receiveRtcp(bytes: Uint8Array, now: number): void {
    const wellFormed = readCompound(bytes, 0, bytes.length, {
      pictureLossIndication: ({ mediaSsrc }) => {
        this.keyFrameRequests++
        if (mediaSsrc === this.ssrc) this.#keyFrameWanted = true
      },
      nack: ({ mediaSsrc, lost }) => {
        if (mediaSsrc === this.ssrc) for (const sequenceNumber of lost) this.#sendAgain(sequenceNumber, now)
      },
    })
    if (!wellFormed) throw new Error('malformed RTCP')
  }

  #beginAnew(): void {
    this.#generation++
    this.#keyFrameWanted = true
  }

  #sendFrame(now: number): void {
    const { kind, random } = this.options
    const key = this.#keyFrameWanted || kind === 'audio'
    this.#keyFrameWanted = false
    const count = kind === 'audio' ? 1 : key ? 4 : 1 + Math.floor(random() * 3)
    for (let index = 0; index < count; index++) {
      this.#sendPacket(
        { frame: this.#frame, index, count, key, generation: this.#generation },
        index === count - 1,
        now,
      )
    }
    this.#frame++
    if (kind === 'video' && random() < 0.05) this.#sendPadding(now)
  }

  #sendPacket(
    of: Pick<SyntheticPacket, 'frame' | 'index' | 'count' | 'key' | 'generation'>,
    marker: boolean,
    now: number,
  ): void {
    const capturedAt = this.options.wallClockAt0 + now
    const payload = encodePayload(this.codec, { ...of, place: this.#place++, line: this.#line, capturedAt })
    const bytes = new Uint8Array(headerLength + payload.length)
    this.#writeHeader(bytes, marker, false, now)
    bytes.set(payload, headerLength)
    this.#sent.set(this.#sequenceNumber, bytes)
    this.#sent.delete((this.#sequenceNumber - remembered) & 0xffff)
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
    this.options.send(bytes, now)
  }

  #sendPadding(now: number): void {
    const bytes = new Uint8Array(headerLength + 50)
    this.#writeHeader(bytes, false, true, now)
    bytes[bytes.length - 1] = 50
    this.#sent.set(this.#sequenceNumber, bytes)
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
    this.options.send(bytes, now)
  }

  #writeHeader(bytes: Uint8Array, marker: boolean, padding: boolean, now: number): void {
    const { payloadType } = syntheticCodecs[this.codec]
    const mid = this.options.mid.charCodeAt(0)
    bytes.set([0x90 | (padding ? 0x20 : 0), (marker ? 0x80 : 0) | payloadType])
    setUint16At(bytes, 2, this.#sequenceNumber)
    setUint32At(bytes, 4, this.#timestamp(now))
    setUint32At(bytes, 8, this.ssrc)
    bytes.set([0xbe, 0xde, 0, 1, publisherMidId << 4, mid, 0, 0], 12)
  }

  #sendAgain(sequenceNumber: number, now: number): void {
    const original = this.#sent.get(sequenceNumber)
    if (!original) return
    const rtx = new Uint8Array(original.length + 2)
    rtx.set(original.subarray(0, headerLength))
    rtx.set(original.subarray(headerLength), headerLength + 2)
    const sentAs = Object.values(syntheticCodecs).find(row => row.payloadType === ((original[1] as number) & 0x7f))
    const payloadType = sentAs?.rtxPayloadType ?? 0
    rtx[1] = ((original[1] as number) & 0x80) | payloadType
    setUint16At(rtx, 2, this.#rtxSequenceNumber)
    this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff
    setUint32At(rtx, 8, this.rtxSsrc)
    setUint16At(rtx, headerLength, sequenceNumber)
    this.options.send(rtx, now)
  }

  #sendReport(now: number): void {
    const bytes = new Uint8Array(100)
    const report = {
      ssrc: this.ssrc,
      ntp: ntpFromUnixMs(this.options.wallClockAt0 + now),
      rtpTimestamp: this.#timestamp(now),
      packetCount: 0,
      octetCount: 0,
      reports: [],
    }
    const end = new CompoundWriter().target(bytes).add('senderReport', report).end
    this.options.sendRtcp(bytes.subarray(0, end), now)
  }

  #timestamp(now: number): number {
    const { clockRate } = syntheticCodecs[this.codec]
    return (this.#timestampAt0 + Math.round((now * clockRate) / 1000)) >>> 0
  }

  #random32(): number {
    return Math.floor(this.options.random() * 0x100000000)
  }
}

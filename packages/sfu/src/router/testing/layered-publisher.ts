import { CompoundWriter, headerExtensions, ntpFromUnixMs, readCompound, tokenBytes } from '@parley/rtp'
import type { PublishedMedia } from '../../control.ts'
import { type LayeredCodec, layeredRtp } from './layered-payloads.ts'
import { LayeredStream, type LayeredStreamOptions } from './layered-stream.ts'
import { publishedIds } from './media.ts'

/** By the name under which a codec is agreed. */
export const layeredPayloadTypes = { vp8: 96, vp9: 98, h264: 102, av1: 104 } as const
const frameMs = 33
const reportMs = 400
const remembered = 1024
const clockRate = 90_000

export type EncodingOptions = Omit<LayeredStreamOptions, 'codec' | 'encoding' | 'described'>

export interface LayeredPublisherOptions {
  readonly codec: LayeredCodec
  readonly described: boolean
  readonly encodings: readonly EncodingOptions[]
  /** Stops encodings that nobody wants. */
  readonly obeys: boolean
  readonly random: () => number
  readonly wallClockAt0: number
  readonly send: (bytes: Uint8Array, now: number) => void
}

interface Encoding {
  stream: LayeredStream
  ssrc: number
  rtxSsrc: number
  sequenceNumber: number
  rtxSequenceNumber: number
  timestampAt0: number
  isKeyWanted: boolean
  /** It is wanted, as far as the publisher was told. */
  demanded: boolean
  /** Its network or processor is too weak for it at the moment. */
  suspended: boolean
  generation: number
  sent: Map<number, { readonly bytes: Uint8Array; readonly header: number }>
}

/** Publishes a camera in layers: simulcast, SVC, or both. */
export class LayeredPublisher {
  readonly options: LayeredPublisherOptions
  codec: LayeredCodec
  muted = false
  readonly encodings: readonly Encoding[]
  #nextFrame = 0
  #nextReport = 0

  constructor(options: LayeredPublisherOptions) {
    this.options = options
    this.codec = options.codec
    this.encodings = options.encodings.map((_, encoding) => ({
      stream: this.#stream(encoding, 0),
      ssrc: this.#random32(),
      rtxSsrc: this.#random32(),
      sequenceNumber: this.#random32() & 0xffff,
      rtxSequenceNumber: this.#random32() & 0xffff,
      timestampAt0: this.#random32(),
      isKeyWanted: true,
      demanded: true,
      suspended: false,
      generation: 0,
      sent: new Map(),
    }))
  }

  get media(): PublishedMedia {
    const { mid, rid, repairedRid, dependencyDescriptor } = publishedIds
    return {
      kind: 'video',
      mid: '0',
      encodings: this.encodings.map((_, i) => ({ rid: `r${i}`, ssrc: undefined, rtxSsrc: undefined })),
      codecs: Object.entries(layeredPayloadTypes).map(([name, payloadType]) => ({
        ...{ payloadType, name, clockRate, channels: 1, parameters: '', rtxPayloadType: payloadType + 1 },
        feedback: ['nack', 'nack pli'],
      })),
      extensions: {
        [headerExtensions.mid]: mid,
        [headerExtensions.rid]: rid,
        [headerExtensions.repairedRid]: repairedRid,
        ...(this.options.described && { [headerExtensions.dependencyDescriptor]: dependencyDescriptor }),
      },
    }
  }

  nextTimeout(): number {
    return Math.min(this.#nextFrame, this.#nextReport)
  }

  handleTimeout(now: number): void {
    const isPicture = this.#nextFrame <= now
    const isReport = this.#nextReport <= now
    if (isPicture) this.#nextFrame = now + frameMs
    if (isReport) this.#nextReport = now + reportMs
    for (const encoding of this.encodings) {
      if (this.muted || encoding.suspended || !encoding.demanded) continue
      if (isPicture) this.#sendPicture(encoding, now)
      if (isReport) this.#sendReport(encoding, now)
    }
  }

  demand(layers: readonly boolean[]): void {
    if (!this.options.obeys) return
    for (const [i, encoding] of this.encodings.entries()) {
      const demanded = layers[i] ?? true
      if (demanded && !encoding.demanded) encoding.isKeyWanted = true
      encoding.demanded = demanded
    }
  }

  suspend(encoding: Encoding, suspended: boolean): void {
    if (!suspended) encoding.isKeyWanted = true
    encoding.suspended = suspended
  }

  /** The encoder of one encoding begins anew: under another SSRC, or the same with other numbers. */
  restart(encoding: Encoding, newSsrc: boolean): void {
    if (newSsrc) {
      encoding.ssrc = this.#random32()
      encoding.rtxSsrc = this.#random32()
    }
    encoding.sequenceNumber = (encoding.sequenceNumber + 20_000) & 0xffff
    encoding.timestampAt0 = this.#random32()
    encoding.sent = new Map()
    this.#beginAnew(encoding)
  }

  changeCodec(codec: LayeredCodec): void {
    if (codec === this.codec) return
    this.codec = codec
    for (const encoding of this.encodings) this.#beginAnew(encoding)
  }

  receiveRtcp(bytes: Uint8Array, now: number): void {
    readCompound(bytes, 0, bytes.length, {
      pictureLossIndication: ({ mediaSsrc }) => {
        for (const encoding of this.encodings) if (encoding.ssrc === mediaSsrc) encoding.isKeyWanted = true
      },
      nack: ({ mediaSsrc, lost }) => {
        const encoding = this.encodings.find(({ ssrc }) => ssrc === mediaSsrc)
        if (encoding) for (const number of lost) this.#sendAgain(encoding, number, now)
      },
    })
  }

  #stream(encoding: number, generation: number): LayeredStream {
    const { described, encodings, random } = this.options
    const options = encodings[encoding] as EncodingOptions
    return new LayeredStream({ ...options, codec: this.codec, described, encoding }, random, generation)
  }

  #beginAnew(encoding: Encoding): void {
    const { spatialLayers } = encoding.stream.encoder
    encoding.generation++
    encoding.stream = this.#stream(this.encodings.indexOf(encoding), encoding.generation)
    encoding.stream.encoder.spatialLayers = spatialLayers
    encoding.isKeyWanted = true
  }

  #sendPicture(encoding: Encoding, now: number): void {
    const { random, send, wallClockAt0, described } = this.options
    const isKey = encoding.isKeyWanted
    encoding.isKeyWanted = false
    for (const { payload, marker, descriptor } of encoding.stream.picture(isKey, wallClockAt0 + now)) {
      const of = descriptor && described ? ([[publishedIds.dependencyDescriptor, descriptor]] as const) : []
      send(this.#packet(encoding, payload, marker, 0, of, now), now)
    }
    if (random() < 0.05) send(this.#packet(encoding, new Uint8Array(), false, 50, [], now), now)
  }

  #packet(
    encoding: Encoding,
    payload: Uint8Array,
    marker: boolean,
    paddingBytes: number,
    of: readonly (readonly [number, Uint8Array])[],
    now: number,
  ): Uint8Array {
    const { sequenceNumber, ssrc, sent } = encoding
    const extensions = [...this.#names(encoding, publishedIds.rid), ...of]
    const fields = { payloadType: this.#payloadType, marker, sequenceNumber, ssrc, extensions, payload, paddingBytes }
    const bytes = layeredRtp({ ...fields, timestamp: this.#timestamp(encoding, now) })
    sent.set(sequenceNumber, { bytes, header: bytes.length - payload.length - paddingBytes })
    sent.delete((sequenceNumber - remembered) & 0xffff)
    encoding.sequenceNumber = (sequenceNumber + 1) & 0xffff
    return bytes
  }

  #names(encoding: Encoding, ridId: number): (readonly [number, Uint8Array])[] {
    return [
      [publishedIds.mid, tokenBytes('0')],
      [ridId, tokenBytes(`r${this.encodings.indexOf(encoding)}`)],
    ]
  }

  get #payloadType(): number {
    return layeredPayloadTypes[this.codec === 'vp9-flexible' ? 'vp9' : this.codec]
  }

  /** As Chromium does: with the header of the original, and its number before the payload. */
  #sendAgain(encoding: Encoding, number: number, now: number): void {
    const original = encoding.sent.get(number)
    if (!original) return
    const { bytes, header } = original
    const again = new Uint8Array(bytes.length + 2)
    again.set(bytes.subarray(0, header))
    again.set([number >> 8, number & 0xff], header)
    again.set(bytes.subarray(header), header + 2)
    const view = new DataView(again.buffer)
    again[1] = (again[1] as number) + 1
    view.setUint16(2, encoding.rtxSequenceNumber)
    view.setUint32(8, encoding.rtxSsrc)
    // The elements are mid, then rid.
    const ridAt = 16 + 3
    if (again[ridAt] !== publishedIds.rid) throw new Error('the rid is elsewhere')
    again[ridAt] = publishedIds.repairedRid
    encoding.rtxSequenceNumber = (encoding.rtxSequenceNumber + 1) & 0xffff
    this.options.send(again, now)
  }

  #sendReport(encoding: Encoding, now: number): void {
    const bytes = new Uint8Array(100)
    const report = {
      ssrc: encoding.ssrc,
      ntp: ntpFromUnixMs(this.options.wallClockAt0 + now),
      rtpTimestamp: this.#timestamp(encoding, now),
      ...{ packetCount: 0, octetCount: 0, reports: [] },
    }
    const { end } = new CompoundWriter().target(bytes).add('senderReport', report)
    this.options.send(bytes.subarray(0, end), now)
  }

  #timestamp({ timestampAt0 }: Encoding, now: number): number {
    return (timestampAt0 + Math.round((now * clockRate) / 1000)) >>> 0
  }

  #random32(): number {
    return Math.floor(this.options.random() * 0x100000000)
  }
}

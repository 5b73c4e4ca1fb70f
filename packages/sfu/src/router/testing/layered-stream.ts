import { DescriptorWriter } from './descriptor-writer.ts'
import { LayeredEncoder, type LayeredEncoderOptions, type LayeredFrame } from './layered-encoder.ts'
import { type LayeredCodec, type LayeredPacket, layeredPayload, parameterSets } from './layered-payloads.ts'

export interface LayeredStreamOptions extends LayeredEncoderOptions {
  readonly codec: LayeredCodec
  readonly encoding: number
  /** Of the highest spatial layer; each below is half as wide and high. */
  readonly width: number
  readonly height: number
  /** With dependency descriptors. */
  readonly described: boolean
  /** Packets of a frame of the lowest layer; each above has twice as many. */
  readonly packets: number
}

/** A packet to be sent, but for its RTP header. */
export interface StreamPacket {
  readonly payload: Uint8Array
  readonly marker: boolean
  readonly descriptor: Uint8Array | undefined
  /** Undefined: parameter sets. */
  readonly packet: LayeredPacket | undefined
}

/** One encoded stream: pictures in packets. */
export class LayeredStream {
  readonly options: LayeredStreamOptions
  readonly encoder: LayeredEncoder
  readonly #descriptors: DescriptorWriter
  readonly #sizes: (readonly [number, number])[]
  readonly #firstPictureId: number
  readonly #generation: number

  constructor(options: LayeredStreamOptions, random: () => number, generation: number) {
    this.options = options
    this.encoder = new LayeredEncoder(options)
    this.#sizes = Array.from({ length: options.spatialLayers }, (_, spatial) => {
      const scale = 2 ** (options.spatialLayers - 1 - spatial)
      return [options.width / scale, options.height / scale] as const
    })
    this.#descriptors = new DescriptorWriter(options, this.#sizes)
    this.#firstPictureId = Math.floor(random() * 0x8000)
    this.#generation = generation
  }

  picture(isKey: boolean, capturedAt: number): StreamPacket[] {
    const frames = this.encoder.next(isKey)
    const descriptors = this.#descriptors.picture(frames)
    const packets = frames.flatMap((frame, i) =>
      this.#packets(frame, frames.length, capturedAt, descriptors[i]?.write ?? (() => new Uint8Array())),
    )
    if (this.options.codec !== 'h264' || !frames[0]?.key) return packets
    const sets = parameterSets.map(payload => ({ payload, marker: false, descriptor: undefined, packet: undefined }))
    return [...sets, ...packets]
  }

  #packets(
    frame: LayeredFrame,
    spatialLayers: number,
    capturedAt: number,
    describe: (first: boolean, last: boolean) => Uint8Array,
  ): StreamPacket[] {
    const { codec, encoding, temporalLayers, described, packets } = this.options
    const count = packets * 2 ** frame.spatial + (frame.key ? 1 : 0)
    return Array.from({ length: count }, (_, index) => {
      const first = index === 0
      const last = index === count - 1
      const { number, picture, spatial, temporal, key, needs } = frame
      const generation = this.#generation
      const packet: LayeredPacket = {
        ...{ encoding, generation, frame: number, picture, spatial, temporal, key, needs, index, count, capturedAt },
      }
      const context = {
        frame,
        pictureId: (this.#firstPictureId + picture) & 0x7fff,
        tl0PicIdx: frame.base & 0xff,
        temporalLayers,
        sizes: this.#sizes.slice(0, spatialLayers),
        described,
        first,
        last,
      }
      return {
        payload: layeredPayload(codec, context, packet, 100),
        marker: last && frame.isLast,
        descriptor: described ? describe(first, last) : undefined,
        packet,
      }
    })
  }
}

/** What a synthetic packet says of itself, so that a receiver can tell whether all is well. */
export interface SyntheticPacket {
  /** Goes up by one with every frame of a publisher's, over restarts and changes of codec too. */
  readonly frame: number
  readonly index: number
  readonly count: number
  readonly key: boolean
  /** Goes up when the encoder begins anew: frames of another generation do not decode. */
  readonly generation: number
  /** Goes up by one with every packet that is not mere padding. */
  readonly place: number
  /** Goes up where the publisher's numbering begins anew. */
  readonly line: number
  /** By the publisher's wall clock, ms since 1970. */
  readonly capturedAt: number
}

export type SyntheticCodec = 'vp8' | 'h264' | 'opus' | 'pcmu'

interface CodecRow {
  readonly payloadType: number
  readonly rtxPayloadType: number | undefined
  readonly clockRate: number
  /** What makes the payload one of this codec, as far as an inspector looks. */
  readonly prefix: (packet: SyntheticPacket) => readonly number[]
}

const prefixLength = 6
const bodyLength = 36

/** How the codecs are called by publishers, and begin. */
export const syntheticCodecs: Readonly<Record<SyntheticCodec, CodecRow>> = {
  vp8: {
    payloadType: 96,
    rtxPayloadType: 97,
    clockRate: 90_000,
    prefix: ({ index, key, frame }) => [
      0x80 | (index === 0 ? 0x10 : 0),
      0x80,
      0x80 | ((frame >> 8) & 0x7f),
      frame & 0xff,
      key ? 0x00 : 0x01,
      0,
    ],
  },
  h264: {
    payloadType: 102,
    rtxPayloadType: 103,
    clockRate: 90_000,
    prefix: ({ index, key }) =>
      index === 0 ? [key ? 0x65 : 0x41, 0x88, 0, 0, 0, 0] : [0x7c, key ? 0x05 : 0x01, 0, 0, 0, 0],
  },
  opus: { payloadType: 111, rtxPayloadType: undefined, clockRate: 48_000, prefix: () => [0x78, 0, 0, 0, 0, 0] },
  pcmu: { payloadType: 0, rtxPayloadType: undefined, clockRate: 8000, prefix: () => [0, 0, 0, 0, 0, 0] },
}

export function encodePayload(codec: SyntheticCodec, packet: SyntheticPacket): Uint8Array {
  const bytes = new Uint8Array(prefixLength + bodyLength)
  bytes.set(syntheticCodecs[codec].prefix(packet))
  const view = new DataView(bytes.buffer, prefixLength)
  view.setUint32(0, packet.frame)
  view.setUint8(4, packet.index)
  view.setUint8(5, packet.count)
  view.setUint8(6, packet.key ? 1 : 0)
  view.setUint32(8, packet.generation)
  view.setUint32(12, packet.place)
  view.setUint32(16, packet.line)
  view.setFloat64(24, packet.capturedAt)
  return bytes
}

/** Undefined for an empty payload: mere padding. */
export function decodePayload(bytes: Uint8Array, start: number, end: number): SyntheticPacket | undefined {
  if (start === end) return undefined
  if (end - start !== prefixLength + bodyLength) throw new Error(`a payload of ${end - start} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + prefixLength)
  return {
    frame: view.getUint32(0),
    index: view.getUint8(4),
    count: view.getUint8(5),
    key: view.getUint8(6) === 1,
    generation: view.getUint32(8),
    place: view.getUint32(12),
    line: view.getUint32(16),
    capturedAt: view.getFloat64(24),
  }
}

import { setUint16At, setUint32At } from '@parley/bytes'
import type { LayeredFrame } from './layered-encoder.ts'

export type LayeredCodec = 'vp8' | 'vp9' | 'vp9-flexible' | 'h264' | 'av1'

/** What a packet of a layered stream says of itself, so that a receiver can tell whether all is well. */
export interface LayeredPacket {
  /** Of several of simulcast. */
  readonly encoding: number
  /** Goes up when the encoder begins anew: frames of another do not decode. */
  readonly generation: number
  readonly frame: number
  readonly picture: number
  readonly spatial: number
  readonly temporal: number
  readonly key: boolean
  readonly needs: readonly number[]
  readonly index: number
  readonly count: number
  /** By the publisher's wall clock, ms since 1970. */
  readonly capturedAt: number
}

/** What a payload begins with depends on these, too. */
export interface PayloadContext {
  readonly frame: LayeredFrame
  readonly pictureId: number
  readonly tl0PicIdx: number
  readonly temporalLayers: number
  /** Of each spatial layer that is sent. */
  readonly sizes: readonly (readonly [number, number])[]
  /** Layers are told by a dependency descriptor. */
  readonly described: boolean
  readonly first: boolean
  readonly last: boolean
}

const bodyLength = 44
const mostNeeds = 3

/** Undecodable sizes: what they are is told by nothing but their bitrate. */
export const parameterSets = [Uint8Array.of(0x67, 0xff, 0, 1), Uint8Array.of(0x68, 0xff, 0, 2)] as const

const prefixes: Readonly<Record<LayeredCodec, (context: PayloadContext) => readonly number[]>> = {
  vp8: vp8Prefix,
  vp9: context => vp9Prefix(context, false),
  'vp9-flexible': context => vp9Prefix(context, true),
  h264: ({ frame, first }) => (first ? [frame.key ? 0x65 : 0x41, 0x88] : [0x7c, frame.key ? 0x05 : 0x01]),
  av1: ({ first }) => [first ? 0x00 : 0x80, 0x00],
}

export function layeredPayload(
  codec: LayeredCodec,
  context: PayloadContext,
  packet: LayeredPacket,
  extra: number,
): Uint8Array {
  const prefix = prefixes[codec](context)
  const bytes = new Uint8Array(prefix.length + extra + bodyLength)
  bytes.set(prefix)
  const at = prefix.length + extra
  bytes.set([packet.encoding, packet.generation, packet.spatial, packet.temporal], at)
  bytes.set([packet.index, packet.count, packet.key ? 1 : 0, packet.needs.length], at + 4)
  const view = new DataView(bytes.buffer, at)
  view.setUint32(8, packet.frame)
  view.setUint32(12, packet.picture)
  for (const [i, needed] of packet.needs.entries()) view.setUint32(16 + 4 * i, needed)
  view.setFloat64(16 + 4 * mostNeeds, packet.capturedAt)
  return bytes
}

/** Undefined for mere padding, and for parameter sets. */
export function readLayeredPayload(bytes: Uint8Array, start: number, end: number): LayeredPacket | undefined {
  if (end - start < bodyLength) return undefined
  const at = end - bodyLength
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  return {
    encoding: view.getUint8(0),
    generation: view.getUint8(1),
    spatial: view.getUint8(2),
    temporal: view.getUint8(3),
    index: view.getUint8(4),
    count: view.getUint8(5),
    key: view.getUint8(6) === 1,
    needs: Array.from({ length: view.getUint8(7) }, (_, i) => view.getUint32(16 + 4 * i)),
    frame: view.getUint32(8),
    picture: view.getUint32(12),
    capturedAt: view.getFloat64(16 + 4 * mostNeeds),
  }
}

function vp8Prefix({ frame, pictureId, tl0PicIdx, temporalLayers, sizes, described, first }: PayloadContext): number[] {
  const start = first ? 0x10 : 0
  // Where there is a dependency descriptor, Chromium leaves the rest to that.
  const hasLayers = temporalLayers > 1
  const descriptor = described
    ? [start]
    : [0x80 | start, hasLayers ? 0xe0 : 0x80, 0x80 | (pictureId >> 8), pictureId & 0xff]
  if (!described && hasLayers) descriptor.push(tl0PicIdx, (frame.temporal << 6) | (frame.sync ? 0x20 : 0))
  const [width, height] = sizes[0] ?? [0, 0]
  if (!first) return [...descriptor, 0]
  if (!frame.key) return [...descriptor, 0x01, 0, 0]
  return [...descriptor, 0, 0, 0, 0x9d, 0x01, 0x2a, width & 0xff, width >> 8, height & 0xff, height >> 8]
}

function vp9Prefix(context: PayloadContext, flexible: boolean): number[] {
  const { frame, pictureId, tl0PicIdx, sizes, first, last } = context
  const predicted = frame.needsPicture >= 0
  const structure = first && frame.key && frame.spatial === 0
  const flags = [
    0x80 | 0x20,
    predicted ? 0x40 : 0,
    flexible ? 0x10 : 0,
    first ? 0x08 : 0,
    last ? 0x04 : 0,
    structure ? 0x02 : 0,
    frame.ownLayerOnly ? 0x01 : 0,
  ]
  const layer = (frame.temporal << 5) | (frame.sync ? 0x10 : 0) | (frame.spatial << 1) | (frame.needsLower ? 1 : 0)
  const bytes = [flags.reduce((all, flag) => all | flag), 0x80 | (pictureId >> 8), pictureId & 0xff, layer]
  if (!flexible) bytes.push(tl0PicIdx)
  else if (predicted) bytes.push((frame.picture - frame.needsPicture) << 1)
  if (structure) {
    bytes.push(((sizes.length - 1) << 5) | 0x10)
    for (const [width, height] of sizes) bytes.push(width >> 8, width & 0xff, height >> 8, height & 0xff)
  }
  return [...bytes, 0]
}

export interface RtpParts {
  readonly payloadType: number
  readonly marker: boolean
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly ssrc: number
  /** In the two-byte form (RFC 8285 §4.3), by id. */
  readonly extensions: readonly (readonly [id: number, value: Uint8Array])[]
  readonly payload: Uint8Array
  readonly paddingBytes?: number
}

/** The bytes of an RTP packet. */
export function layeredRtp(parts: RtpParts): Uint8Array {
  const { payloadType, marker, sequenceNumber, timestamp, ssrc, extensions, payload, paddingBytes = 0 } = parts
  const elements = extensions.flatMap(([id, value]) => [id, value.length, ...value])
  while (elements.length % 4) elements.push(0)
  const header = 16 + elements.length
  const bytes = new Uint8Array(header + payload.length + paddingBytes)
  bytes.set([0x90 | (paddingBytes > 0 ? 0x20 : 0), (marker ? 0x80 : 0) | payloadType])
  setUint16At(bytes, 2, sequenceNumber)
  setUint32At(bytes, 4, timestamp)
  setUint32At(bytes, 8, ssrc)
  setUint16At(bytes, 12, 0x1000)
  setUint16At(bytes, 14, elements.length / 4)
  bytes.set(elements, 16)
  bytes.set(payload, header)
  if (paddingBytes > 0) bytes[bytes.length - 1] = paddingBytes
  return bytes
}

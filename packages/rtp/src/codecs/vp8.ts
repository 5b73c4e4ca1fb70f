import { byteAt } from '@parley/bytes'
import { type LayerInfo, readPictureId, skipPictureId } from './layer-info.ts'
import type { Inspector } from './payload-info.ts'

/** Flags of the payload descriptor's first byte and of its extension (RFC 7741 §4.2). */
const required = { extended: 0x80, nonReference: 0x20, startOfPartition: 0x10, partition: 0x07 } as const
const extension = { pictureId: 0x80, tl0PicIdx: 0x40, temporalId: 0x20, keyIndex: 0x10 } as const

/** A key frame's header begins with a frame tag and a start code, then its size (RFC 6386 §9.1). */
const sizeOffset = 6
const keyFrameHeaderLength = 10

/** VP8 (RFC 7741). Only the packet that begins a frame can say that it is a key frame. */
export const inspectVp8: Inspector = (bytes, start, end, info) => {
  info.reset()
  const at = readVp8Descriptor(bytes, start, end, undefined)
  if (at < 0) return false
  info.startOfFrame =
    (byteAt(bytes, start) & (required.startOfPartition | required.partition)) === required.startOfPartition
  info.keyFrame = info.startOfFrame && (byteAt(bytes, at) & 0x01) === 0
  if (info.keyFrame && at + keyFrameHeaderLength <= end) {
    info.width = sizeAt(bytes, at + sizeOffset)
    info.height = sizeAt(bytes, at + sizeOffset + 2)
  }
  return true
}

/** Reads VP8's payload descriptor. False if it is malformed, or nothing follows it. */
export function readVp8Layers(bytes: Uint8Array, start: number, end: number, layers: LayerInfo): boolean {
  layers.reset()
  return readVp8Descriptor(bytes, start, end, layers) >= 0
}

/** Returns where the descriptor ends, or -1; fills `layers` if they are wanted. */
function readVp8Descriptor(bytes: Uint8Array, start: number, end: number, layers: LayerInfo | undefined): number {
  if (start >= end) return -1
  const first = byteAt(bytes, start)
  if (layers) layers.discardable = (first & required.nonReference) !== 0
  let at = start + 1
  if (first & required.extended) {
    if (at >= end) return -1
    const present = byteAt(bytes, at++)
    if (present & extension.pictureId) {
      const next = skipPictureId(bytes, at, end)
      if (next < 0) return -1
      if (layers) readPictureId(bytes, at, layers)
      at = next
    }
    if (present & extension.tl0PicIdx) {
      if (layers) {
        layers.tl0PicIdxOffset = at
        layers.tl0PicIdx = byteAt(bytes, at)
      }
      at++
    }
    if (present & (extension.temporalId | extension.keyIndex)) {
      if (layers && present & extension.temporalId) {
        layers.temporalId = byteAt(bytes, at) >> 6
        layers.layerSync = (byteAt(bytes, at) & 0x20) !== 0
      }
      at++
    }
  }
  return at < end ? at : -1
}

/** 14 bits, the low byte first; the two bits above them say how to scale. */
function sizeAt(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | ((byteAt(bytes, at + 1) & 0x3f) << 8)
}

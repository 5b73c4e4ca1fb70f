import { byteAt } from '@parley/bytes'
import type { Inspector } from './payload-info.ts'
import { readPictureId } from './picture-id.ts'

/** Flags of the payload descriptor's first byte and of its extension (RFC 7741 §4.2). */
const required = { extended: 0x80, nonReference: 0x20, startOfPartition: 0x10, partition: 0x07 } as const
const extension = { pictureId: 0x80, tl0PicIdx: 0x40, temporalId: 0x20, keyIndex: 0x10 } as const

/** Before a key frame's size: frame tag, start code (RFC 6386 §9.1). */
const sizeOffset = 6
const keyFrameHeaderLength = 10

/** VP8 (RFC 7741). Only the packet that begins a frame can tell a key frame. */
export const inspectVp8: Inspector = (bytes, start, end, info) => {
  info.reset()
  if (start >= end) return false
  const first = byteAt(bytes, start)
  let at = start + 1
  if (first & required.extended) {
    if (at >= end) return false
    const present = byteAt(bytes, at++)
    if (present & extension.pictureId) {
      at = readPictureId(bytes, at, end, info)
      if (at < 0) return false
    }
    if (present & extension.tl0PicIdx) {
      info.tl0PicIdxOffset = at
      info.tl0PicIdx = byteAt(bytes, at++)
    }
    if (present & (extension.temporalId | extension.keyIndex)) {
      const layer = byteAt(bytes, at++)
      if (present & extension.temporalId) {
        info.temporalId = layer >> 6
        info.layerSync = (layer & 0x20) !== 0
      }
      if (present & extension.keyIndex) info.keyIndex = layer & 0x1f
    }
  }
  if (at >= end) return false
  info.discardable = (first & required.nonReference) !== 0
  info.startOfFrame = (first & (required.startOfPartition | required.partition)) === required.startOfPartition
  info.keyFrame = info.startOfFrame && (byteAt(bytes, at) & 0x01) === 0
  if (info.keyFrame && at + keyFrameHeaderLength <= end) {
    info.width = sizeAt(bytes, at + sizeOffset)
    info.height = sizeAt(bytes, at + sizeOffset + 2)
  }
  return true
}

/** 14 bits, the low byte first; above them how to scale. */
function sizeAt(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | ((byteAt(bytes, at + 1) & 0x3f) << 8)
}

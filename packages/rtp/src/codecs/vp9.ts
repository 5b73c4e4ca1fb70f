import { byteAt, uint16At } from '@parley/bytes'
import type { Inspector, PayloadInfo } from './payload-info.ts'
import { readPictureId } from './picture-id.ts'

/** Flags of the payload descriptor's first byte (RFC 9628 §4.2). */
const flags = {
  pictureId: 0x80,
  interPicturePredicted: 0x40,
  layers: 0x20,
  flexible: 0x10,
  startOfFrame: 0x08,
  endOfFrame: 0x04,
  structure: 0x02,
  notReference: 0x01,
} as const

const maxReferences = 3

/**
 * VP9 (RFC 9628), flexible mode or not. A key frame is one that needs no other: of a key picture in layers only the lowest
 * is, those above it say so by `interLayerPredicted` without `interPicturePredicted`.
 */
export const inspectVp9: Inspector = (bytes, start, end, info) => {
  info.reset()
  if (start >= end) return false
  const first = byteAt(bytes, start)
  let at = start + 1
  if (first & flags.pictureId) {
    at = readPictureId(bytes, at, end, info)
    if (at < 0) return false
  }
  const flexible = (first & flags.flexible) !== 0
  info.interPicturePredicted = (first & flags.interPicturePredicted) !== 0
  if (first & flags.layers) {
    const layer = byteAt(bytes, at++)
    info.temporalId = layer >> 5
    info.layerSync = (layer & 0x10) !== 0
    info.spatialId = (layer >> 1) & 0x07
    info.interLayerPredicted = (layer & 0x01) !== 0
    if (!flexible) {
      info.tl0PicIdxOffset = at
      info.tl0PicIdx = byteAt(bytes, at++)
    }
  }
  if (flexible && info.interPicturePredicted) {
    at = skipReferences(bytes, at, end)
    if (at < 0) return false
  }
  if (first & flags.structure) {
    at = readStructure(bytes, at, end, info)
    if (at < 0) return false
  }
  if (at >= end) return false
  info.startOfFrame = (first & flags.startOfFrame) !== 0
  info.endOfFrame = (first & flags.endOfFrame) !== 0
  info.discardable = (first & flags.notReference) !== 0
  info.keyFrame = !info.interPicturePredicted && !info.interLayerPredicted
  return true
}

/** Up to three differences of picture ids; a bit says whether another follows. */
function skipReferences(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start, count = 1; at < end && count <= maxReferences; at++, count++) {
    if ((byteAt(bytes, at) & 0x01) === 0) return at + 1
  }
  return -1
}

/** The scalability structure (§4.2.1): sizes of the spatial layers, then the pattern of pictures, which is skipped. */
function readStructure(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): number {
  if (start >= end) return -1
  const head = byteAt(bytes, start)
  const layers = (head >> 5) + 1
  let at = start + 1
  if (head & 0x10) {
    at += 4 * layers
    if (at > end) return -1
    info.width = uint16At(bytes, at - 4)
    info.height = uint16At(bytes, at - 2)
  }
  if (head & 0x08) {
    if (at >= end) return -1
    for (let pictures = byteAt(bytes, at++); pictures > 0; pictures--) {
      if (at >= end) return -1
      at += 1 + ((byteAt(bytes, at) >> 2) & 0x03)
    }
  }
  info.spatialLayers = layers
  return at
}

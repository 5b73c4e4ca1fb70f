import { byteAt, uint16At } from '@parley/bytes'
import { type LayerInfo, readPictureId, skipPictureId } from './layer-info.ts'
import type { Inspector, PayloadInfo } from './payload-info.ts'

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

/** In the byte that tells a frame's layers: it is predicted from the layer below (D). */
const interLayerPredicted = 0x01
const maxReferences = 3

/**
 * VP9 (RFC 9628), in flexible mode or not. A key frame is one that needs no other frame. In a key picture of several
 * spatial layers, that is only the lowest; those above it are predicted from the layer below, not from earlier pictures.
 */
export const inspectVp9: Inspector = (bytes, start, end, info) => {
  info.reset()
  const layersAt = skipFront(bytes, start, end)
  if (layersAt < 0) return false
  const first = byteAt(bytes, start)
  let at = skipLayers(first, layersAt)
  if (first & flags.flexible && first & flags.interPicturePredicted) {
    at = skipReferences(bytes, at, end)
    if (at < 0) return false
  }
  if (first & flags.structure) {
    at = readStructure(bytes, at, end, info)
    if (at < 0) return false
  }
  if (at >= end) return false
  const needsLower = first & flags.layers && byteAt(bytes, layersAt) & interLayerPredicted
  info.startOfFrame = (first & flags.startOfFrame) !== 0
  info.keyFrame = !(first & flags.interPicturePredicted) && !needsLower
  return true
}

/** Reads VP9's payload descriptor up to the layers. Returns false if that much is malformed, or nothing follows it. */
export function readVp9Layers(bytes: Uint8Array, start: number, end: number, layers: LayerInfo): boolean {
  layers.reset()
  const at = skipFront(bytes, start, end)
  const first = byteAt(bytes, start)
  if (at < 0 || skipLayers(first, at) >= end) return false
  if (first & flags.pictureId) readPictureId(bytes, start + 1, layers)
  layers.endOfFrame = (first & flags.endOfFrame) !== 0
  layers.discardable = (first & flags.notReference) !== 0
  layers.interPicturePredicted = (first & flags.interPicturePredicted) !== 0
  if (first & flags.layers) {
    const layer = byteAt(bytes, at)
    layers.temporalId = layer >> 5
    layers.layerSync = (layer & 0x10) !== 0
    layers.spatialId = (layer >> 1) & 0x07
    layers.interLayerPredicted = (layer & interLayerPredicted) !== 0
    if (!(first & flags.flexible)) {
      layers.tl0PicIdxOffset = at + 1
      layers.tl0PicIdx = byteAt(bytes, at + 1)
    }
  }
  return true
}

/** Where the layers stand, or would: behind the first byte and the picture id. -1 if that does not fit. */
function skipFront(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1
  return byteAt(bytes, start) & flags.pictureId ? skipPictureId(bytes, start + 1, end) : start + 1
}

/** One byte of layers and, unless the mode is flexible, TL0PICIDX. */
function skipLayers(first: number, at: number): number {
  if (!(first & flags.layers)) return at
  return at + (first & flags.flexible ? 1 : 2)
}

/** Up to three differences of picture ids; a bit of each says whether another follows. */
function skipReferences(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start, count = 1; at < end && count <= maxReferences; at++, count++) {
    if ((byteAt(bytes, at) & 0x01) === 0) return at + 1
  }
  return -1
}

/** The scalability structure (§4.2.1): the sizes of the spatial layers, then the pattern of pictures, which is skipped. */
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
  return at
}

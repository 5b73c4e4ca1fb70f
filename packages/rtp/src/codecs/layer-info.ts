import { byteAt, setUint16At, uint16At } from '@parley/bytes'

/**
 * What the payload descriptor of VP8 (RFC 7741 §4.2) or VP9 (RFC 9628 §4.2) says about layers and numbering: what a
 * forwarder needs to drop layers, or to switch between streams, without leaving gaps in the numbers. One object serves all
 * packets.
 */
export class LayerInfo {
  spatialId = 0
  temporalId = 0
  /** A receiver may start to receive this temporal layer here: Y in VP8, U in VP9. */
  layerSync = false
  /** No other frame needs this one: N in VP8; Z in VP9, which speaks of higher layers of the same picture only. */
  discardable = false
  /** The packet ends the frame of one layer (VP9 only; in VP8 the marker bit says so). */
  endOfFrame = false
  /** VP9: the frame needs earlier frames of its layer (P), or the layer below it in the same picture (D). */
  interPicturePredicted = false
  interLayerPredicted = false
  /** The picture id, of 7 or 15 bits, and its offset in the bytes that were read; -1 without one. */
  pictureId = -1
  pictureIdOffset = -1
  pictureIdBits: 0 | 7 | 15 = 0
  /** TL0PICIDX, of 8 bits, and its offset in the bytes that were read; -1 without one. */
  tl0PicIdx = -1
  tl0PicIdxOffset = -1

  reset(): void {
    this.spatialId = 0
    this.temporalId = 0
    this.layerSync = false
    this.discardable = false
    this.endOfFrame = false
    this.interPicturePredicted = false
    this.interLayerPredicted = false
    this.pictureId = -1
    this.pictureIdOffset = -1
    this.pictureIdBits = 0
    this.tl0PicIdx = -1
    this.tl0PicIdxOffset = -1
  }
}

/** Where the picture id at `at` ends: one byte, or two if its first bit is set. -1 if it does not fit. */
export function skipPictureId(bytes: Uint8Array, at: number, end: number): number {
  const next = at + (byteAt(bytes, at) >= 0x80 ? 2 : 1)
  return at < end && next <= end ? next : -1
}

/** Fills in the picture id at `at`, which {@link skipPictureId} has found to fit. */
export function readPictureId(bytes: Uint8Array, at: number, layers: LayerInfo): void {
  const long = byteAt(bytes, at) >= 0x80
  layers.pictureIdOffset = at
  layers.pictureIdBits = long ? 15 : 7
  layers.pictureId = long ? uint16At(bytes, at) & 0x7fff : byteAt(bytes, at)
}

/**
 * Writes another picture id and TL0PICIDX into the payload that `layers` was read from, so that a receiver that is switched
 * to another stream sees the numbers go on (RFC 7741 §4.2). Widths stay as they are; a number that is absent stays absent.
 */
export function rewritePictureId(bytes: Uint8Array, layers: LayerInfo, pictureId: number, tl0PicIdx: number): void {
  if (layers.pictureIdBits === 15) setUint16At(bytes, layers.pictureIdOffset, 0x8000 | (pictureId & 0x7fff))
  else if (layers.pictureIdBits === 7) bytes[layers.pictureIdOffset] = pictureId & 0x7f
  if (layers.tl0PicIdxOffset >= 0) bytes[layers.tl0PicIdxOffset] = tl0PicIdx
}

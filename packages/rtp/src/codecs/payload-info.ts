/**
 * What an inspector finds in a payload. Reusable: every inspection begins with {@link PayloadInfo.reset}. Where a codec does
 * not say, the value stays as that leaves it.
 */
export class PayloadInfo {
  /** A receiver can begin here. True at least for the packet that begins a key frame. */
  keyFrame = false
  /** The packet begins a frame: in VP9 one layer's. */
  startOfFrame = false
  /** The packet ends a frame: in VP9 one layer's. Of other video codecs only the marker bit tells. */
  endOfFrame = false
  spatialId = 0
  temporalId = 0
  /** A receiver may go up to this temporal layer here: Y of VP8, U of VP9. */
  layerSync = false
  /** No other frame needs this one: N of VP8, Z of VP9 (for higher layers of the same picture), NRI 0 of H.264. */
  discardable = false
  /** VP9: needs earlier frames of its layer (P), or the layer below in the same picture (D). */
  interPicturePredicted = false
  interLayerPredicted = false
  /** VP9: how many spatial layers the scalability structure in this packet has; 0 without one. */
  spatialLayers = 0
  /** Picture id, 7 or 15 bits, and where it stands; -1 without one. */
  pictureId = -1
  pictureIdOffset = -1
  pictureIdBits: 0 | 7 | 15 = 0
  /** TL0PICIDX, 8 bits, and where it stands; -1 without one. */
  tl0PicIdx = -1
  tl0PicIdxOffset = -1
  /** VP8's KEYIDX, 5 bits; -1 without one. */
  keyIndex = -1
  /** The frame's size in pixels, of VP9 the highest layer's; 0 where the packet does not say. */
  width = 0
  height = 0

  reset(): void {
    this.keyFrame = false
    this.startOfFrame = false
    this.endOfFrame = false
    this.spatialId = 0
    this.temporalId = 0
    this.layerSync = false
    this.discardable = false
    this.interPicturePredicted = false
    this.interLayerPredicted = false
    this.spatialLayers = 0
    this.pictureId = -1
    this.pictureIdOffset = -1
    this.pictureIdBits = 0
    this.tl0PicIdx = -1
    this.tl0PicIdxOffset = -1
    this.keyIndex = -1
    this.width = 0
    this.height = 0
  }
}

/**
 * Looks into the payload from `start` to `end` and fills `info`. Allocates nothing, changes nothing, reads nothing outside.
 * False if the payload is malformed or empty; then `info` means nothing.
 */
export type Inspector = (bytes: Uint8Array, start: number, end: number, info: PayloadInfo) => boolean

/** For codecs in which every packet stands alone. */
export const inspectStandalone: Inspector = (_bytes, start, end, info) => {
  info.reset()
  info.keyFrame = true
  info.startOfFrame = true
  info.endOfFrame = true
  return start < end
}

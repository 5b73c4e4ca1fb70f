/**
 * What an inspector finds at the front of a video payload. One object serves all packets: every inspection begins with
 * {@link PayloadInfo.reset}, and what the codec or this packet does not say stays as that leaves it.
 */
export class PayloadInfo {
  /** The packet belongs to a key frame. Always true of the packet that begins one; a later packet may be unable to tell. */
  keyFrame = false
  /** The packet begins a frame; in VP9, the frame of one spatial layer. */
  startOfFrame = false
  /** The frame's size in pixels (in VP9, the highest layer's), which key frames carry; 0 where the packet does not say. */
  width = 0
  height = 0

  reset(): void {
    this.keyFrame = false
    this.startOfFrame = false
    this.width = 0
    this.height = 0
  }
}

/**
 * Reads the payload from `start` to `end` and fills `info`. Allocates nothing, writes nothing else, reads nothing outside
 * that range. Returns false if the payload is empty or malformed; `info` is then meaningless.
 */
export type Inspector = (bytes: Uint8Array, start: number, end: number, info: PayloadInfo) => boolean

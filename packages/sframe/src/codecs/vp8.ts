const keyFrame = { flag: 0x01, clear: 10 } as const
const otherClear = 3

/** How much of a VP8 frame its packetizer and an SFU read: the payload header (RFC 7741 §4.3), with the size in a key frame. */
export function vp8ClearLength(frame: Uint8Array): number {
  const isKey = ((frame[0] ?? keyFrame.flag) & keyFrame.flag) === 0
  return Math.min(frame.length, isKey ? keyFrame.clear : otherClear)
}

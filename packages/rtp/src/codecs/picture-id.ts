import { byteAt, setUint16At, uint16At } from '@parley/bytes'
import type { PayloadInfo } from './payload-info.ts'

/** Reads a picture id of 7 or, if its first bit is set, 15 bits, as VP8 and VP9 have it; returns where it ends, or -1. */
export function readPictureId(bytes: Uint8Array, at: number, end: number, info: PayloadInfo): number {
  if (at >= end) return -1
  const long = byteAt(bytes, at) >= 0x80
  if (long && at + 2 > end) return -1
  info.pictureIdOffset = at
  info.pictureIdBits = long ? 15 : 7
  info.pictureId = long ? uint16At(bytes, at) & 0x7fff : byteAt(bytes, at)
  return at + (long ? 2 : 1)
}

/**
 * Writes another picture id and TL0PICIDX into the payload that `info` tells of, in as many bits as there are; what is not
 * there stays away. So that numbers go on where a receiver is switched to another stream (RFC 7741 §4.2).
 */
export function rewritePictureId(bytes: Uint8Array, info: PayloadInfo, pictureId: number, tl0PicIdx: number): void {
  if (info.pictureIdBits === 15) setUint16At(bytes, info.pictureIdOffset, 0x8000 | (pictureId & 0x7fff))
  else if (info.pictureIdBits === 7) bytes[info.pictureIdOffset] = pictureId & 0x7f
  if (info.tl0PicIdxOffset >= 0) bytes[info.tl0PicIdxOffset] = tl0PicIdx
}

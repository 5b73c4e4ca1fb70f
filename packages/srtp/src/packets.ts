import { uint16At, uint32At } from '@parley/bytes'
import { requireRange } from '@parley/ffi'

const VERSION_2 = 0x80
const VERSION_MASK = 0xc0
const EXTENSION = 0x10
const FIXED_HEADER = 12
/** One more than the highest index of an RTCP packet (RFC 3711 §9.2). */
export const RTCP_INDICES = 2 ** 31

/** Where the payload of the RTP packet from `start` to `end` begins (RFC 3550 §5.1); -1 if it is not RTP. */
export function rtpPayloadAt(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0
  if (end - start < FIXED_HEADER || (first & VERSION_MASK) !== VERSION_2) return -1
  let at = start + FIXED_HEADER + 4 * (first & 0x0f)
  if ((first & EXTENSION) !== 0) {
    if (at + 4 > end) return -1
    at += 4 + 4 * uint16At(bytes, at + 2)
  }
  return at <= end ? at : -1
}

export const rtpSequence = (bytes: Uint8Array, start: number): number => uint16At(bytes, start + 2)

/** As a signed number, as {@link IndexWindows} wants it. */
export const rtpSsrc = (bytes: Uint8Array, start: number): number => uint32At(bytes, start + 8) | 0

export const rtcpSsrc = (bytes: Uint8Array, start: number): number => uint32At(bytes, start + 4) | 0

/** Whether `start` to `end` may be a compound RTCP packet with a sender's SSRC. Throws RangeError if it is not a range. */
export function isRtcp(bytes: Uint8Array, start: number, end: number): boolean {
  requireRange(bytes, start, end)
  return end - start >= 8 && ((bytes[start] ?? 0) & VERSION_MASK) === VERSION_2
}

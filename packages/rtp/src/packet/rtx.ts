import { setUint16At, uint16At } from '@parley/bytes'
import type { HeaderRewrite } from './header-rewrite.ts'
import type { RtpPacket } from './rtp-packet.ts'

/** Bytes of the original sequence number in front of a retransmitted payload (RFC 4588 §4). */
export const rtxHeaderLength = 2

/**
 * Writes what goes before the payload of a retransmission (RFC 4588 §4): the header as `rewrite` has it, with the SSRC,
 * payload type and sequence number of the RTX stream, then the number under which the packet went out first. Returns
 * where the payload begins, or -1 if there is no room before `limit`.
 */
export function writeRtxHeader(
  rewrite: HeaderRewrite,
  packet: RtpPacket,
  originalSequenceNumber: number,
  target: Uint8Array,
  offset: number,
  limit: number = target.length,
): number {
  const end = rewrite.write(packet, target, offset, limit)
  if (end < 0 || end + rtxHeaderLength > limit) return -1
  setUint16At(target, end, originalSequenceNumber)
  return end + rtxHeaderLength
}

/** The sequence number that the payload of an RTX packet had first, or -1 if there is none: padding to probe with. */
export function originalSequenceNumber(packet: RtpPacket): number {
  return packet.payloadLength >= rtxHeaderLength ? uint16At(packet.bytes, packet.payloadStart) : -1
}

/**
 * Makes the view of an RTX packet one of the packet that was lost, with the SSRC and payload type of its media stream; the
 * bytes stay. False, and unchanged, if it carries none.
 */
export function restoreOriginal(packet: RtpPacket, ssrc: number, payloadType: number): boolean {
  const sequenceNumber = originalSequenceNumber(packet)
  if (sequenceNumber < 0) return false
  packet.sequenceNumber = sequenceNumber
  packet.ssrc = ssrc
  packet.payloadType = payloadType
  packet.payloadStart += rtxHeaderLength
  return true
}

import { uint16At } from '@parley/bytes'
import type { RtpPacket } from './rtp-packet.ts'

/** Bytes of the original sequence number in front of a retransmitted payload (RFC 4588 §4). */
export const rtxHeaderLength = 2

/** The sequence number that an RTX packet's payload was first sent under; -1 if it has no payload, as padding sent to probe the link. */
export function originalSequenceNumber(packet: RtpPacket): number {
  return packet.payloadLength >= rtxHeaderLength ? uint16At(packet.bytes, packet.payloadStart) : -1
}

/**
 * Turns the view of an RTX packet into a view of the packet that was lost (RFC 4588 §4), with the SSRC and payload type of
 * its media stream. The bytes stay as they are. Returns false, and changes nothing, if the packet carries no payload.
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

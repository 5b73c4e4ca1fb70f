import { byteAt, setUint16At, uint16At } from '@parley/bytes'

/*
 * ChannelData messages (RFC 8656 §12.4): channel number, length, data. The functions work on offsets and numbers, so that a
 * relayed packet makes no object:
 *
 *   const length = channelDataLength(slab, start, end)
 *   if (length < 0) return drop()
 *   send(channels[channelNumber(slab, start)], slab, start + channelHeaderLength, length)
 */

export const channelHeaderLength = 4

/** The channel numbers that RFC 8656 §12 lets a client bind. */
export const channelNumbers = { first: 0x4000, last: 0x4fff } as const

/**
 * Whether RFC 8656 lets a client bind this number. RFC 5766 went up to 0x7fff, and older clients use all of that: what
 * comes in is read by {@link isChannelByte}, and the server decides in ChannelBind what it grants.
 */
export function isChannelNumber(value: number): boolean {
  return value >= channelNumbers.first && value <= channelNumbers.last
}

/** Whether a packet that begins with this byte is ChannelData: its first two bits are 01 (RFC 5766 §11.4). */
export function isChannelByte(firstByte: number): boolean {
  return firstByte >= 0x40 && firstByte <= 0x7f
}

/** The channel of the message at `start`; call {@link channelDataLength} first. */
export function channelNumber(bytes: Uint8Array, start: number): number {
  return uint16At(bytes, start)
}

/**
 * Bytes of data in the ChannelData message that fills `start` to `end`, or -1 if it is none: too short for what it claims,
 * or no channel number in front. What follows the data is padding (RFC 8656 §12.5).
 */
export function channelDataLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < channelHeaderLength || !isChannelByte(byteAt(bytes, start))) return -1
  const length = uint16At(bytes, start + 2)
  return length <= end - start - channelHeaderLength ? length : -1
}

/** Writes the header that goes before `length` bytes of data at `start + 4`. The caller has checked all three. */
export function putChannelHeader(bytes: Uint8Array, start: number, channel: number, length: number): void {
  setUint16At(bytes, start, channel)
  setUint16At(bytes, start + 2, length)
}

/** Bytes of padding that must follow so much data on TCP and TLS; on UDP none need to (RFC 8656 §12.5). */
export function channelPadding(length: number): number {
  return -length & 3
}

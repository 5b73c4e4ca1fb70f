import { byteAt, setUint16At, uint16At } from '@parley/bytes'

/*
 * ChannelData messages (RFC 8656 §12.4): channel number, length, data. These functions take and return offsets and numbers,
 * so that relaying a packet allocates nothing:
 *
 *   const length = channelDataLength(slab, start, end)
 *   if (length < 0) return drop()
 *   send(channels[channelNumber(slab, start)], slab, start + channelHeaderLength, length)
 */

export const channelHeaderLength = 4

/**
 * Whether a packet that begins with this byte is ChannelData: its first two bits are 01 (RFC 5766 §11.4). RFC 8656 §12 stops
 * at channel 0x4fff, but older clients use all up to 0x7fff.
 */
export function isChannelByte(firstByte: number): boolean {
  return firstByte >= 0x40 && firstByte <= 0x7f
}

/** The channel of the message at `start`; call {@link channelDataLength} first. */
export function channelNumber(bytes: Uint8Array, start: number): number {
  return uint16At(bytes, start)
}

/**
 * How many bytes of data the ChannelData message from `start` to `end` has; -1 if it does not begin with a channel number, or
 * claims more data than there is. Anything after the data is padding (RFC 8656 §12.5).
 */
export function channelDataLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < channelHeaderLength || !isChannelByte(byteAt(bytes, start))) return -1
  const length = uint16At(bytes, start + 2)
  return length <= end - start - channelHeaderLength ? length : -1
}

/** Writes the header at `start`, for `length` bytes of data at `start + 4`. Checks nothing. */
export function putChannelHeader(bytes: Uint8Array, start: number, channel: number, length: number): void {
  setUint16At(bytes, start, channel)
  setUint16At(bytes, start + 2, length)
}

/** How many bytes of padding must follow `length` bytes of data on TCP and TLS; UDP needs none (RFC 8656 §12.5). */
export function channelPadding(length: number): number {
  return -length & 3
}

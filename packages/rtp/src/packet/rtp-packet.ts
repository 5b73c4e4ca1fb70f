import { byteAt, uint16At, uint32At } from '@parley/bytes'

/** Bytes of an RTP header without CSRCs and extension (RFC 3550 §5.1). */
export const fixedHeaderLength = 12

/** The header extension's profile for one-byte elements (RFC 8285 §4.2). */
export const oneByteProfile = 0xbede

/** The profile for two-byte elements; its lowest four bits may have any value (RFC 8285 §4.3). */
export const twoByteProfile = 0x1000

/** In the one-byte form, this id ends the elements (RFC 8285 §4.2). */
const reservedId = 15

/**
 * A reusable view of an RTP packet (RFC 3550 §5.1). It holds offsets and numbers only, so that reading a packet allocates
 * nothing. Offsets count from the beginning of `bytes`. Changing a field changes what is forwarded, but not the bytes.
 *
 * @example
 * if (!packet.parse(slab, start, end)) return drop()
 * const mid = packet.findExtension(midId)
 * if (mid >= 0) read(slab, mid, packet.extensionLength)
 */
export class RtpPacket {
  bytes: Uint8Array = new Uint8Array()
  start = 0
  payloadType = 0
  marker = false
  sequenceNumber = 0
  timestamp = 0
  ssrc = 0
  /** How many CSRCs there are, of four bytes each, from `start + fixedHeaderLength` on. */
  csrcCount = 0
  /** The header extension's profile; 0 without an extension. */
  extensionProfile = 0
  /** Where the elements of the header extension begin and end. */
  extensionsStart = 0
  extensionsEnd = 0
  /** Where the header ends. */
  payloadStart = 0
  /** Where the payload ends, without padding. */
  payloadEnd = 0
  /** Bytes of padding after the payload, including the byte that counts them. */
  paddingBytes = 0

  /** The element that {@link nextExtension} or {@link findExtension} has found. */
  extensionId = 0
  extensionOffset = -1
  extensionLength = 0
  #cursor = 0

  /**
   * Reads the packet that fills `start` to `end`. Returns false if it is not RTP: another version, or CSRCs, an extension or
   * padding that do not fit. The fields then still describe the packet before.
   */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < fixedHeaderLength || end > bytes.length) return false
    const first = byteAt(bytes, start)
    if (first >> 6 !== 2) return false
    const csrcCount = first & 0x0f
    let at = start + fixedHeaderLength + 4 * csrcCount
    let profile = 0
    let extensionsStart = at
    if (first & 0x10) {
      if (at + 4 > end) return false
      profile = uint16At(bytes, at)
      extensionsStart = at + 4
      at = extensionsStart + 4 * uint16At(bytes, at + 2)
    }
    if (at > end) return false
    let padding = 0
    if (first & 0x20) {
      padding = byteAt(bytes, end - 1)
      if (padding === 0 || at + padding > end) return false
    }
    const second = byteAt(bytes, start + 1)
    this.bytes = bytes
    this.start = start
    this.marker = second >= 0x80
    this.payloadType = second & 0x7f
    this.sequenceNumber = uint16At(bytes, start + 2)
    this.timestamp = uint32At(bytes, start + 4)
    this.ssrc = uint32At(bytes, start + 8)
    this.csrcCount = csrcCount
    this.extensionProfile = profile
    this.extensionsStart = extensionsStart
    this.extensionsEnd = at
    this.payloadStart = at
    this.payloadEnd = end - padding
    this.paddingBytes = padding
    this.rewindExtensions()
    return true
  }

  get payloadLength(): number {
    return this.payloadEnd - this.payloadStart
  }

  /** Where the value of the first element with this id begins, or -1; its length is then in `extensionLength`. */
  findExtension(id: number): number {
    this.rewindExtensions()
    while (this.nextExtension()) if (this.extensionId === id) return this.extensionOffset
    return -1
  }

  /** Moves the cursor back before the first element. */
  rewindExtensions(): void {
    this.#cursor = this.extensionsStart
    this.extensionId = 0
    this.extensionOffset = -1
    this.extensionLength = 0
  }

  /**
   * Moves to the next element of the header extension (RFC 8285 §4.1.2); false after the last. An element that runs past the
   * extension's end is ignored, and so is everything in an extension of an unknown profile.
   */
  nextExtension(): boolean {
    const profile = this.extensionProfile
    if (profile === oneByteProfile) return this.#nextOneByte()
    return profile >> 4 === twoByteProfile >> 4 && this.#nextTwoByte()
  }

  #nextOneByte(): boolean {
    const { bytes, extensionsEnd: end } = this
    let at = this.#cursor
    while (at < end && byteAt(bytes, at) === 0) at++
    if (at >= end) return false
    const head = byteAt(bytes, at)
    // An id of 0 with a length that is not 0 ends the elements too (RFC 8285 §4.2).
    const id = head >> 4
    return id !== 0 && id !== reservedId && this.#moveTo(id, at + 1, (head & 0x0f) + 1)
  }

  #nextTwoByte(): boolean {
    const { bytes, extensionsEnd: end } = this
    let at = this.#cursor
    while (at < end && byteAt(bytes, at) === 0) at++
    return at + 1 < end && this.#moveTo(byteAt(bytes, at), at + 2, byteAt(bytes, at + 1))
  }

  #moveTo(id: number, offset: number, length: number): boolean {
    if (offset + length > this.extensionsEnd) return false
    this.extensionId = id
    this.extensionOffset = offset
    this.extensionLength = length
    this.#cursor = offset + length
    return true
  }
}

/** Whether a packet of version 2 is RTCP rather than RTP: then its second byte is 192 to 223 (RFC 5761 §4). */
export function isRtcp(bytes: Uint8Array, start: number): boolean {
  return (byteAt(bytes, start + 1) & 0xe0) === 0xc0
}

import { byteAt, setUint16At, setUint32At, uint16At, uint32At } from '@parley/bytes'
import type { AddressFamily } from '@parley/net'
import { attributeTypes, isComprehensionRequired } from '../attributes/attribute.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { families } from '../codecs/addresses.ts'
import { headerLength, magicCookie, messageType } from '../message/header.ts'
import { nextAttribute } from '../message/message.ts'
import { putTransactionId } from '../message/transaction-id.ts'

export const sendIndication: number = messageType('indication', 'send')
export const dataIndication: number = messageType('indication', 'data')

const dataType = turn.data.type
const peerType = turn.xorPeerAddress.type
const dontFragmentType = turn.dontFragment.type
const fingerprintType = stun.fingerprint.type
const understood = attributeTypes(stun, turn)
const integrityTypes: readonly number[] = [stun.messageIntegrity.type, stun.messageIntegritySha256.type]
const cookieHigh = magicCookie >>> 16

/**
 * The packet path's view of a Send or Data indication (RFC 8656 §11). One object serves all packets, so that relaying a
 * datagram allocates nothing. It accepts what {@link Message} would, but never throws.
 *
 * @example
 * const send = new Indication()
 * if (uint16At(slab, start) === sendIndication && send.read(slab, start, end)) {
 *   const permission = permissions.get(send.address, 0, send.addressLength, 0)
 *   if (permission) relay(slab, send.dataStart, send.dataEnd, permission)
 * }
 */
export class Indication {
  /** The peer's address: its first {@link addressLength} bytes. Overwritten by the next {@link read}. */
  readonly address = new Uint8Array(16)
  /** 4 or 16. */
  addressLength = 4
  port = 0
  /** Where the application's data lies in the bytes that were read. */
  dataStart = 0
  dataEnd = 0
  dontFragment = false

  get family(): AddressFamily {
    return this.addressLength === 4 ? 4 : 6
  }

  /**
   * Reads the STUN message that fills `start` to `end`, whatever its type. Returns false, and leaves the fields meaningless, if
   * it is malformed, has no peer address or no data, or has an unknown comprehension-required attribute: such an indication
   * is dropped silently (RFC 8489 §6.3.2). Does not check a FINGERPRINT, because cookie and lengths are enough to tell STUN
   * from the other protocols on the port.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < headerLength || uint16At(bytes, start + 2) !== end - start - headerLength) return false
    if (uint32At(bytes, start + 4) !== magicCookie || ((end - start) & 3) !== 0) return false
    let peer = 0
    let data = 0
    let sealed = false
    this.dontFragment = false
    for (let at = start + headerLength; at < end; ) {
      const type = uint16At(bytes, at)
      const next = nextAttribute(bytes, at)
      if (next > end || (type === fingerprintType && next !== end)) return false
      // Of several attributes of one type the first counts, and after MESSAGE-INTEGRITY none does.
      if (sealed || type === fingerprintType) sealed = true
      else if (type === dataType) data = data || at
      else if (type === peerType) peer = peer || at
      else if (type === dontFragmentType) this.dontFragment = true
      else if (integrityTypes.includes(type)) sealed = true
      else if (isComprehensionRequired(type) && !understood.has(type)) return false
      at = next
    }
    if (peer === 0 || data === 0 || !this.#readPeer(bytes, start, peer)) return false
    this.dataStart = data + 4
    this.dataEnd = this.dataStart + uint16At(bytes, data + 2)
    return true
  }

  #readPeer(bytes: Uint8Array, start: number, at: number): boolean {
    const length = uint16At(bytes, at + 2) - 4
    const family = byteAt(bytes, at + 5)
    if (!(length === 4 && family === families[4]) && !(length === 16 && family === families[6])) return false
    this.addressLength = length
    this.port = uint16At(bytes, at + 6) ^ cookieHigh
    for (let i = 0; i < length; i++) this.address[i] = byteAt(bytes, at + 8 + i) ^ byteAt(bytes, start + 4 + i)
    return true
  }
}

/** How many bytes {@link putIndicationHeader} writes before the data: 36 for IPv4, 48 for IPv6. */
export function indicationHeaderLength(addressLength: number): number {
  return headerLength + 4 + 4 + addressLength + 4
}

/** The length of a whole indication with `dataLength` bytes of data. */
export function indicationLength(addressLength: number, dataLength: number): number {
  return indicationHeaderLength(addressLength) + dataLength + (-dataLength & 3)
}

/**
 * Makes an indication around data that is in place already: writes the header at `start`, before the `dataLength` bytes at
 * `start + indicationHeaderLength(addressLength)`, and the padding after them. The peer's address is the `addressLength`
 * (4 or 16) bytes at `addressOffset` of `address`. Returns the message's length. Allocates nothing, and does not check that
 * everything fits.
 */
export function putIndicationHeader(
  bytes: Uint8Array,
  start: number,
  type: number,
  address: Uint8Array,
  addressOffset: number,
  addressLength: number,
  port: number,
  dataLength: number,
): number {
  const length = indicationLength(addressLength, dataLength)
  setUint16At(bytes, start, type)
  setUint16At(bytes, start + 2, length - headerLength)
  setUint32At(bytes, start + 4, magicCookie)
  putTransactionId(bytes, start + 8)
  const peer = start + headerLength
  setUint16At(bytes, peer, peerType)
  setUint16At(bytes, peer + 2, 4 + addressLength)
  setUint16At(bytes, peer + 4, addressLength === 4 ? families[4] : families[6])
  setUint16At(bytes, peer + 6, port ^ cookieHigh)
  for (let i = 0; i < addressLength; i++) {
    bytes[peer + 8 + i] = byteAt(address, addressOffset + i) ^ byteAt(bytes, start + 4 + i)
  }
  const data = peer + 8 + addressLength
  setUint16At(bytes, data, dataType)
  setUint16At(bytes, data + 2, dataLength)
  bytes.fill(0, data + 4 + dataLength, start + length)
  return length
}

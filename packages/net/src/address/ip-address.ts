import { equalBytes } from '@parley/bytes'
import { AddressError } from './address-error.ts'
import { addressFromText, addressToText } from './address-text.ts'

export type AddressFamily = 4 | 6

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/**
 * An IPv4 or IPv6 address, immutable. Two are the same when family and bytes are: an IPv4-mapped IPv6 address is not the
 * IPv4 address inside it (see {@link embeddedIpv4}).
 *
 * @example
 * IpAddress.parse('2001:DB8:0:0::1').toString() // '2001:db8::1'
 */
export class IpAddress {
  /** 4 or 16 bytes. Not to be written to. */
  readonly bytes: Uint8Array

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Copies 4 or 16 bytes. Throws RangeError for any other length. */
  static from(bytes: Uint8Array, offset = 0, length = bytes.length - offset): IpAddress {
    if (length !== 4 && length !== 16) throw new RangeError(`An IP address has 4 or 16 bytes, not ${length}`)
    if (!(offset >= 0 && offset + length <= bytes.length)) {
      throw new RangeError(`An IP address at ${offset} in ${bytes.length} bytes`)
    }
    // `slice` of a Buffer would go on sharing its memory.
    return new IpAddress(new Uint8Array(bytes.subarray(offset, offset + length)))
  }

  /**
   * Reads dotted decimal (four numbers, no leading zeros) or any text form of RFC 4291 §2.2, without zone.
   * Throws {@link AddressError}.
   */
  static parse(text: string): IpAddress {
    return new IpAddress(addressFromText(text))
  }

  /** As {@link parse}; undefined for text that is no address. */
  static tryParse(text: string): IpAddress | undefined {
    try {
      return IpAddress.parse(text)
    } catch (error) {
      if (error instanceof AddressError) return undefined
      throw error
    }
  }

  get family(): AddressFamily {
    return this.bytes.length === 4 ? 4 : 6
  }

  /** The IPv4 address that an IPv4-mapped one stands for (RFC 4291 §2.5.5.2), which is what the kernel makes of it; any other as it is. */
  unmapped(): IpAddress {
    const { bytes } = this
    return bytes.length === 16 && mappedPrefix.every((byte, i) => byte === bytes[i]) ? IpAddress.from(bytes, 12) : this
  }

  equals(other: IpAddress): boolean {
    return equalBytes(this.bytes, other.bytes)
  }

  /** Dotted decimal, or the one form of RFC 5952. */
  toString(): string {
    return addressToText(this.bytes)
  }

  toJSON(): string {
    return this.toString()
  }
}

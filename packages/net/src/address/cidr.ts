import { AddressError } from './address-error.ts'
import { IpAddress } from './ip-address.ts'

/**
 * A network in CIDR notation. Networks and addresses of different families never match; an IPv4-mapped address is IPv6.
 *
 * @example
 * Cidr.parse('10.0.0.0/8').contains(IpAddress.parse('10.1.2.3')) // true
 */
export class Cidr {
  readonly network: IpAddress
  readonly prefixLength: number

  private constructor(network: IpAddress, prefixLength: number) {
    this.network = network
    this.prefixLength = prefixLength
  }

  /**
   * Reads `address/length`, or an address alone as the network of that one address.
   * Throws {@link AddressError} for a length that is too large and for bits outside the length.
   */
  static parse(text: string): Cidr {
    const slash = text.indexOf('/')
    const address = IpAddress.parse(slash < 0 ? text : text.slice(0, slash))
    const bits = address.bytes.length * 8
    const length = slash < 0 ? String(bits) : text.slice(slash + 1)
    if (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) {
      throw new AddressError(`'${text}' is not a network: the prefix length must be a number from 0 to ${bits}`)
    }
    const cidr = Cidr.of(address, Number(length))
    if (!cidr.network.equals(address)) {
      throw new AddressError(`'${text}' has bits outside its prefix; did you mean ${cidr}?`)
    }
    return cidr
  }

  /** The network of that prefix length that the address is in. */
  static of(address: IpAddress, prefixLength: number): Cidr {
    return new Cidr(IpAddress.from(address.bytes.map((byte, i) => byte & maskByte(prefixLength, i))), prefixLength)
  }

  contains(address: IpAddress): boolean {
    const { bytes } = this.network
    if (address.bytes.length !== bytes.length) return false
    return bytes.every((byte, i) => ((byte ^ (address.bytes[i] ?? 0)) & maskByte(this.prefixLength, i)) === 0)
  }

  toString(): string {
    return `${this.network}/${this.prefixLength}`
  }
}

/** The part of a netmask that covers byte `i`. */
function maskByte(prefixLength: number, i: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, prefixLength - 8 * i))) & 0xff
}

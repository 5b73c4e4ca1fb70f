import { embeddedIpv4 } from '../address/embedded-ipv4.ts'
import { IpAddress } from '../address/ip-address.ts'

/** The key of everything whose address is unknown or is none: it all shares one budget. */
export const UNKNOWN_SOURCE = 'unknown'

/**
 * Who is counted as one when limits go by source address: an IPv4 address, also where IPv6 carries it (mapped, 6to4, NAT64,
 * Teredo), and of IPv6 the /64, since one host has all of it (RFC 6177). Text may have a zone. Text that is no address is
 * {@link UNKNOWN_SOURCE}; bytes that are neither 4 nor 16 throw RangeError.
 *
 * @example
 * sourceKey('::ffff:192.0.2.1') // '192.0.2.1'
 * sourceKey('2001:db8:1:2:3::4') // '2001:db8:1:2::/64'
 */
export function sourceKey(address: string | Uint8Array): string {
  const ip = typeof address === 'string' ? IpAddress.tryParse(address.replace(/%.*$/s, '')) : IpAddress.from(address)
  if (!ip) return UNKNOWN_SOURCE
  const source = sourceBytes(ip.bytes)
  if (source.length === 4) return IpAddress.from(source).toString()
  const network = new Uint8Array(16)
  network.set(source)
  return `${IpAddress.from(network)}/64`
}

/**
 * The same as bytes, for tables that hash it: the 4 of an IPv4 address, or the 8 of a /64. Made for addresses of packets: an
 * IPv4 address is given back as it is.
 */
export function sourceBytes(address: Uint8Array): Uint8Array {
  if (address.length === 4) return address
  return embeddedIpv4(IpAddress.from(address)).at(-1)?.bytes ?? address.subarray(0, 8)
}

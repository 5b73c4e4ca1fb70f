import { AddressError } from './address-error.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'
import { IpAddress } from './ip-address.ts'

/** The key of everything whose address is none: it shares one budget. */
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
  const ip = typeof address === 'string' ? parse(address) : IpAddress.from(address)
  if (!ip) return UNKNOWN_SOURCE
  const ipv4 = ip.family === 4 ? ip : embeddedIpv4(ip).at(-1)
  if (ipv4) return ipv4.toString()
  const network = new Uint8Array(16)
  network.set(ip.bytes.subarray(0, 8))
  return `${IpAddress.from(network)}/64`
}

function parse(text: string): IpAddress | undefined {
  try {
    return IpAddress.parse(text.replace(/%.*$/s, ''))
  } catch (error) {
    if (error instanceof AddressError) return undefined
    throw error
  }
}

import { IpAddress, specialRange, specialRanges } from '@parley/net'

const loopback = specialRanges.filter(({ name }) => name === 'loopback').map(({ cidr }) => cidr)

/** Whether an address is of this machine alone. */
export function isLoopback(address: string): boolean {
  const ip = IpAddress.tryParse(address)
  return ip !== undefined && loopback.some(range => range.contains(ip))
}

/**
 * Whether an address is of no use on the internet: of a network behind a NAT, of one machine or link, and the like. Addresses
 * for documentation count as public, which is what they stand for in every example.
 */
export function isPrivate(address: string): boolean {
  const range = rangeOf(address)
  return range !== undefined && range !== 'documentation'
}

/** Whether an address means something on one link only, so that no browser elsewhere can use it. */
export function isLinkLocal(address: string): boolean {
  return rangeOf(address) === 'link-local'
}

/** The name of the special range that an address is in, with or without a zone. */
export function rangeOf(address: string): string | undefined {
  return specialRange(IpAddress.parse(address.replace(/%.*/, '')))?.name
}

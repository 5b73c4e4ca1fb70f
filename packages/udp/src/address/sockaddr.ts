import { AF_INET, AF_INET6, sockaddrIn, sockaddrIn6 } from '@parley/ffi'

/** Where a sockaddr keeps its fields, in 32-bit words. The first word holds the family and the port. */
export const word = {
  familyPort: 0,
  addr: sockaddrIn.at.addr / 4,
  flowinfo: sockaddrIn6.at.flowinfo / 4,
  addr6: sockaddrIn6.at.addr / 4,
  scope: sockaddrIn6.at.scope / 4,
} as const

/** `::ffff:0:0/96`, the prefix of IPv4 addresses on an IPv6 socket, as its third word lies in memory. */
export const MAPPED = 0xffff0000 | 0

/** The first word of a sockaddr: the family as the machine has it, the port as the network has it. */
export function familyPort(version: 4 | 6, port: number): number {
  return (version === 6 ? AF_INET6 : AF_INET) | ((((port & 0xff) << 8) | (port >>> 8)) << 16)
}

export function isIPv6Name(firstWord: number): boolean {
  return (firstWord & 0xffff) === AF_INET6
}

export function portOf(firstWord: number): number {
  return ((firstWord >>> 8) & 0xff00) | (firstWord >>> 24)
}

/**
 * Adds a word to a hash. Consecutive addresses differ in the high bits of their words, while tables look at the low ones, so
 * each step folds and multiplies, as MurmurHash3 does at its end.
 */
export function mix(hash: number, word: number): number {
  const folded = Math.imul(hash ^ word ^ ((hash ^ word) >>> 16), 0x85ebca6b)
  return folded ^ (folded >>> 13)
}

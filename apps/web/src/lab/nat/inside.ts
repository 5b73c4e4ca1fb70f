/** Addresses that exist only inside a network (RFC 6890): what a server sees there says nothing of the internet. */
const inside: readonly RegExp[] = [
  /^10\./,
  /^127\./,
  /^169\.254\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^192\.168\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[?::1\]?:/,
  /^\[?f[cd][\da-f]{2}:/i,
  /^\[?fe[89ab][\da-f]:/i,
]

/** @param place `address:port`, IPv6 in brackets. */
export function isInside(place: string): boolean {
  return inside.some(range => range.test(place))
}

/** How far `to` is ahead of `from` among 16-bit sequence numbers: -32,768 to 32,767, the short way round (RFC 1982). */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16
}

/** How far the 16-bit sequence number `to` is ahead of `from`, the shorter way round: -32,768 to 32,767 (RFC 1982). */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16
}

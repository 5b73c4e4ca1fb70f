import { byteAt } from '@parley/bytes'

/** The protocols that share a port, told apart by a packet's first byte. */
export type PacketKind = 'stun' | 'zrtp' | 'dtls' | 'channel-data' | 'rtp'

/**
 * The ranges of the first byte (RFC 7983 §7); RTCP counts as `rtp`. There, channels end at 79. Clients of RFC 5766 may use
 * numbers up to 0x7fff, and no other protocol here begins with 80 to 127, so those count as channels too.
 */
const ranges: readonly (readonly [first: number, last: number, kind: PacketKind])[] = [
  [0, 3, 'stun'],
  [16, 19, 'zrtp'],
  [20, 63, 'dtls'],
  [64, 127, 'channel-data'],
  [128, 191, 'rtp'],
]

const kinds = Array.from(
  { length: 256 },
  (_, byte) => ranges.find(([first, last]) => byte >= first && byte <= last)?.[2],
)

/** What the packet from `start` to `end` is; undefined if its first byte belongs to none of these, or there is none: drop it. */
export function packetKindAt(bytes: Uint8Array, start: number, end: number): PacketKind | undefined {
  return start < end ? kinds[byteAt(bytes, start)] : undefined
}

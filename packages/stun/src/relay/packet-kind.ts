import { byteAt } from '@parley/bytes'

/** What shares a port with STUN, told apart by the first byte. */
export type PacketKind = 'stun' | 'zrtp' | 'dtls' | 'channel-data' | 'rtp'

/**
 * The ranges of the first byte (RFC 7983 §7); RTCP counts as `rtp`. Channels end at 79 there; clients of RFC 5766 use
 * numbers up to 0x7fff, and nothing else that comes here begins with 80 to 127.
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

/** The protocol that a packet's first byte belongs to; undefined for no protocol: drop it. */
export function packetKind(firstByte: number): PacketKind | undefined {
  return kinds[firstByte]
}

/** {@link packetKind} of the bytes from `start`; undefined if there are none. */
export function packetKindAt(bytes: Uint8Array, start: number, end: number): PacketKind | undefined {
  return start < end ? kinds[byteAt(bytes, start)] : undefined
}

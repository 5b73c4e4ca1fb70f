import type { RtpPacket } from '@parley/rtp'

/** How many packets before the primary one a payload can repeat. */
const mostDistance = 2
/** Bytes before a redundant block, and before the primary one (RFC 2198 §3). */
const redundantHeader = 4
const primaryHeader = 1
/** What ten bits of length and fourteen of time can say. */
const longestBlock = 0x3ff
const oldestTimestamp = 0x3fff

class Remembered {
  readonly bytes = new Uint8Array(longestBlock)
  length = 0
  timestamp = 0
}

/**
 * Makes RED of a stream of sound that came without (RFC 2198): each payload with those of one or two packets before, so that their
 * loss does no harm. One serves all subscribers of a stream: {@link write} for each of them, then {@link remember}. Allocates
 * nothing per packet.
 *
 * @example
 * const end = maker.write(packet, 111, 1, slot, headerEnd) // ... for every subscriber
 * maker.remember(packet)
 */
export class RedMaker {
  /** The last two, the latest first. */
  #latest: Remembered | undefined
  #before: Remembered | undefined
  #spare: Remembered | undefined

  /** The most bytes that {@link write} makes of a packet. */
  static room(packet: RtpPacket): number {
    return packet.payloadLength + primaryHeader + mostDistance * (redundantHeader + longestBlock)
  }

  /**
   * Writes the payload of RED.
   * @param payloadType Of the blocks, as the subscriber calls it.
   * @param distance How many packets before this one are repeated at most; those that are too old or too long are not.
   * @returns Where it ends.
   */
  write(packet: RtpPacket, payloadType: number, distance: number, target: Uint8Array, at: number): number {
    const first = distance > 0 ? usable(this.#latest, packet) : undefined
    // Never one without the one between: receivers count blocks back by sequence numbers.
    const second = first && distance > 1 ? usable(this.#before, packet) : undefined
    let end = at
    if (second) end = writeHeader(target, end, second, packet, payloadType)
    if (first) end = writeHeader(target, end, first, packet, payloadType)
    target[end++] = payloadType
    if (second) end = copy(second.bytes, 0, second.length, target, end)
    if (first) end = copy(first.bytes, 0, first.length, target, end)
    return copy(packet.bytes, packet.payloadStart, packet.payloadEnd, target, end)
  }

  /** It may be repeated with the next. Pass the newest only: one that comes late is in nobody's past. */
  remember(packet: RtpPacket): void {
    const next = this.#spare ?? new Remembered()
    next.length = packet.payloadLength <= longestBlock ? packet.payloadLength : 0
    next.timestamp = packet.timestamp
    if (next.length > 0) copy(packet.bytes, packet.payloadStart, packet.payloadEnd, next.bytes, 0)
    this.#spare = this.#before
    this.#before = this.#latest
    this.#latest = next
  }

  /** A packet is missing, or the stream begins anew: what was before does not precede the next. */
  forget(): void {
    this.#spare = this.#latest ?? this.#spare
    this.#latest = undefined
    this.#before = undefined
  }
}

/** Redundancy for a receiver, by what it says that it has lost: more helps against bursts only. */
export class RedDistance {
  current = 1

  /** @param fractionLost Of a receiver report, 0..1. */
  lost(fractionLost: number): void {
    if (fractionLost >= 0.1) this.current = 2
    else if (fractionLost < 0.05) this.current = 1
  }
}

function usable(block: Remembered | undefined, { timestamp }: RtpPacket): Remembered | undefined {
  if (!block || block.length === 0) return undefined
  const age = (timestamp - block.timestamp) >>> 0
  return age > 0 && age <= oldestTimestamp ? block : undefined
}

function writeHeader(
  target: Uint8Array,
  at: number,
  { timestamp, length }: Remembered,
  packet: RtpPacket,
  payloadType: number,
): number {
  const age = packet.timestamp - timestamp
  target[at] = 0x80 | payloadType
  target[at + 1] = age >> 6
  target[at + 2] = ((age & 0x3f) << 2) | (length >> 8)
  target[at + 3] = length & 0xff
  return at + redundantHeader
}

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  for (let i = start; i < end; i++) to[at + i - start] = from[i] as number
  return at + end - start
}

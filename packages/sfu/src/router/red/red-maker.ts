import type { RtpPacket } from '@parley/rtp'

/** How many packets before the primary one a payload can repeat. */
const mostDistance = 2
/** Bytes before a redundant block, and before the primary one (RFC 2198 §3). */
const redundantHeader = 4
const primaryHeader = 1
/** What ten bits of length and fourteen of time can say. */
const longestBlock = 0x3ff
const oldestTimestamp = 0x3fff
/** A payload that would become longer repeats nothing: with headers and protection it is to fit into one datagram of any network. */
const longestPayload = 1100
/** A power of two, more than {@link mostDistance}. */
const slots = 4

class Remembered {
  readonly bytes = new Uint8Array(longestBlock)
  length = 0
  timestamp = 0
  payloadType = 0
  place = Number.NaN
}

/**
 * Makes RED of a stream of sound (RFC 2198): each payload with those of one or two packets before, so that their loss does no harm.
 * One serves all subscribers of a stream: {@link write} for each of them, then {@link remember}. Allocates nothing per packet.
 *
 * @example
 * const end = maker.write(packet, place, 111, 1, target) // ... for every subscriber
 * maker.remember(packet, place)
 */
export class RedMaker {
  readonly #slots = Array.from({ length: slots }, () => new Remembered())

  /**
   * Writes the payload of RED to the start of `target`, of {@link longestPayload} bytes at least.
   * @param place Of the packet in its stream.
   * @param payloadType Of the blocks, as the subscriber calls it.
   * @param distance How many packets before this one are repeated at most; those that are missing, too old or too long are not.
   * @returns Where it ends. 0: there is nothing to repeat, so it is to be sent as it is.
   */
  write(packet: RtpPacket, place: number, payloadType: number, distance: number, target: Uint8Array): number {
    const first = this.#usable(packet, place, 1, primaryHeader + packet.payloadLength)
    if (!first || distance < 1) return 0
    const length = primaryHeader + packet.payloadLength + redundantHeader + first.length
    // Never one without the one between: receivers may count blocks back by sequence numbers.
    const second = distance < mostDistance ? undefined : this.#usable(packet, place, 2, length)
    let end = 0
    if (second) end = writeHeader(target, end, second, packet, payloadType)
    end = writeHeader(target, end, first, packet, payloadType)
    target[end++] = payloadType
    if (second) end = copy(second.bytes, 0, second.length, target, end)
    end = copy(first.bytes, 0, first.length, target, end)
    return copy(packet.bytes, packet.payloadStart, packet.payloadEnd, target, end)
  }

  /** It may be repeated with the next two. */
  remember(packet: RtpPacket, place: number): void {
    const slot = this.#slots[place & (slots - 1)] as Remembered
    if (slot.place > place) return
    slot.place = place
    slot.payloadType = packet.payloadType
    slot.timestamp = packet.timestamp
    slot.length = packet.payloadLength <= longestBlock ? packet.payloadLength : 0
    if (slot.length > 0) copy(packet.bytes, packet.payloadStart, packet.payloadEnd, slot.bytes, 0)
  }

  /** What was so many places before, if a payload of `length` has room for it. */
  #usable(
    { timestamp, payloadType }: RtpPacket,
    place: number,
    before: number,
    length: number,
  ): Remembered | undefined {
    const slot = this.#slots[(place - before) & (slots - 1)] as Remembered
    if (slot.place !== place - before || slot.payloadType !== payloadType || slot.length === 0) return undefined
    const age = (timestamp - slot.timestamp) >>> 0
    const fits = length + redundantHeader + slot.length <= longestPayload
    return fits && age > 0 && age <= oldestTimestamp ? slot : undefined
  }
}

function writeHeader(
  target: Uint8Array,
  at: number,
  { timestamp, length }: Remembered,
  packet: RtpPacket,
  payloadType: number,
): number {
  const age = (packet.timestamp - timestamp) >>> 0
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

import { byteAt, uint16At } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'
import { type RtcpKind, type RtcpPackets, rtcpTypes } from './table.ts'

/** A callback for each kind of packet. Kinds without one are skipped unread. */
export type RtcpHandlers = { readonly [Kind in RtcpKind]?: (packet: RtcpPackets[Kind]) => void }

/** True unless the body is malformed. */
type Reader = (handlers: RtcpHandlers, bytes: Uint8Array, start: number, end: number, count: number) => boolean

export const rtcpHeaderLength = 4

/** The payload types whose five bits are a format, not a count (RFC 4585 §6.1). */
const feedbackTypes: readonly number[] = [205, 206]

const readers = new Map(Object.keys(rtcpTypes).map(kind => readerOf(kind as RtcpKind)))

function readerOf<Kind extends RtcpKind>(kind: Kind): readonly [number, Reader] {
  const row: PacketType<RtcpPackets[Kind]> = rtcpTypes[kind]
  const read: Reader = (handlers, bytes, start, end, count) => {
    const handler: ((packet: RtcpPackets[Kind]) => void) | undefined = handlers[kind]
    if (!handler || row.matches?.(bytes, start, end) === false) return true
    const packet = row.decode(bytes, start, end, count)
    if (packet === undefined) return false
    handler(packet)
    return true
  }
  return [codeOf(row.type, row.format ?? 0), read]
}

function codeOf(type: number, format: number): number {
  return (type << 5) | format
}

/**
 * Reads the RTCP packets that fill `start` to `end`: a compound packet (RFC 3550 §6.1), or a reduced-size one (RFC 5506), in
 * which any kind may come first. Calls back for each in order; skips kinds that are unknown or have no handler.
 *
 * Returns false if anything was malformed. A malformed body loses only its own packet, a malformed header also all that
 * follow.
 */
export function readCompound(bytes: Uint8Array, start: number, end: number, handlers: RtcpHandlers): boolean {
  if (end > bytes.length || start >= end) return false
  let wellFormed = true
  for (let at = start; at < end; ) {
    const body = at + rtcpHeaderLength
    const first = byteAt(bytes, at)
    if (body > end || first >> 6 !== 2) return false
    const next = body + 4 * uint16At(bytes, at + 2)
    if (next > end) return false
    const padding = first & 0x20 ? byteAt(bytes, next - 1) : 0
    // The padding counts itself, so it cannot be 0. RFC 3550 §6.4.1 wants whole words, but Chromium pads feedback by 1 to 3 bytes.
    if (first & 0x20 && (padding === 0 || next - padding < body)) return false
    const type = byteAt(bytes, at + 1)
    const count = first & 0x1f
    const read = readers.get(codeOf(type, feedbackTypes.includes(type) ? count : 0))
    if (read && !read(handlers, bytes, body, next - padding, count)) wellFormed = false
    at = next
  }
  return wellFormed
}

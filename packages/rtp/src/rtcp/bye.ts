import { byteAt, uint32At } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'

/** BYE: these sources have stopped sending (RFC 3550 §6.6). */
export interface Bye {
  readonly ssrcs: readonly number[]
  /** At most 255 bytes of UTF-8. */
  readonly reason?: string
}

const utf8Decoder = new TextDecoder()
const utf8Encoder = new TextEncoder()

export const bye: PacketType<Bye> = {
  type: 203,
  decode(bytes, start, end, count) {
    const reason = start + 4 * count
    if (reason > end) return undefined
    const ssrcs = Array.from({ length: count }, (_, i) => uint32At(bytes, start + 4 * i))
    if (reason === end) return { ssrcs }
    const reasonEnd = reason + 1 + byteAt(bytes, reason)
    if (reasonEnd > end) return undefined
    return { ssrcs, reason: utf8Decoder.decode(bytes.subarray(reason + 1, reasonEnd)) }
  },
  encode(writer, { ssrcs, reason }) {
    for (const ssrc of ssrcs) writer.uint32(ssrc)
    if (reason === undefined) return
    const text = utf8Encoder.encode(reason)
    writer.uint8(text.length)
    writer.put(text)
    writer.zeros(-(1 + text.length) & 3)
  },
  count: ({ ssrcs }) => ssrcs.length,
}

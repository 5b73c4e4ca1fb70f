import { byteAt, EncodeError, uint32At, type Writer } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'

/** Types of SDES items, as IANA lists them. */
export const sdesItemTypes = {
  cname: 1, // RFC 3550 §6.5.1
  name: 2,
  email: 3,
  phone: 4,
  loc: 5,
  tool: 6,
  note: 7,
  priv: 8,
  rtpStreamId: 12, // RFC 8852
  repairedRtpStreamId: 13,
  mid: 15, // RFC 9143
} as const

interface SdesItem {
  readonly type: number
  /** At most 255 bytes of UTF-8. */
  readonly text: string
}

/** What is said about one source. */
export interface SdesChunk {
  readonly ssrc: number
  readonly items: readonly SdesItem[]
}

/** SDES (RFC 3550 §6.5). */
export interface SourceDescription {
  readonly chunks: readonly SdesChunk[]
}

const utf8Decoder = new TextDecoder()
const utf8Encoder = new TextEncoder()

export const sourceDescription: PacketType<SourceDescription> = {
  type: 202,
  decode(bytes, start, end, count) {
    const chunks: SdesChunk[] = []
    let at = start
    while (chunks.length < count) {
      if (at + 8 > end) return undefined
      const items: SdesItem[] = []
      const chunk: SdesChunk = { ssrc: uint32At(bytes, at), items }
      at += 4
      for (let type = byteAt(bytes, at); type !== 0; type = byteAt(bytes, at)) {
        const text = at + 2
        at = text + byteAt(bytes, text - 1)
        // The null byte that ends the items must fit too.
        if (at >= end) return undefined
        items.push({ type, text: utf8Decoder.decode(bytes.subarray(text, at)) })
      }
      at += 4 - ((at - start) & 3)
      chunks.push(chunk)
    }
    return { chunks }
  },
  encode(writer, { chunks }) {
    for (const { ssrc, items } of chunks) {
      writer.uint32(ssrc)
      let length = 0
      for (const { type, text } of items) length += writeItem(writer, type, text)
      writer.zeros(4 - (length & 3))
    }
  },
  count: ({ chunks }) => chunks.length,
}

function writeItem(writer: Writer, type: number, text: string): number {
  if (type === 0) throw new EncodeError(writer.place, 'an SDES item of type 0 would end the chunk')
  const value = utf8Encoder.encode(text)
  writer.uint8(type)
  writer.uint8(value.length)
  writer.put(value)
  return 2 + value.length
}

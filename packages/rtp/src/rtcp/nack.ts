import { sequenceDistance, uint16At, uint32At } from '@parley/bytes'
import { type FeedbackSource, feedbackSourceLength, type PacketType, writeFeedbackSource } from './packet-type.ts'

/** Generic NACK: these packets are missing (RFC 4585 §6.2.1). */
export interface Nack extends FeedbackSource {
  /** Their sequence numbers. They are written most compactly in ascending order. */
  readonly lost: readonly number[]
}

/** How many packets after the first the bit mask of an entry can name. */
const maskBits = 16

export const nack: PacketType<Nack> = {
  type: 205,
  format: 1,
  decode(bytes, start, end) {
    if (start + feedbackSourceLength + 4 > end) return undefined
    const lost: number[] = []
    for (let at = start + feedbackSourceLength; at + 4 <= end; at += 4) {
      const first = uint16At(bytes, at)
      lost.push(first)
      for (let mask = uint16At(bytes, at + 2), i = 1; mask !== 0; mask >>= 1, i++) {
        if (mask & 1) lost.push((first + i) & 0xffff)
      }
    }
    return { senderSsrc: uint32At(bytes, start), mediaSsrc: uint32At(bytes, start + 4), lost }
  },
  encode(writer, value) {
    writeFeedbackSource(writer, value)
    const { lost } = value
    for (let i = 0; i < lost.length; ) {
      const first = lost[i++] as number
      let mask = 0
      for (; i < lost.length; i++) {
        const distance = sequenceDistance(first, lost[i] as number)
        if (distance < 1 || distance > maskBits) break
        mask |= 1 << (distance - 1)
      }
      writer.uint16(first)
      writer.uint16(mask)
    }
  },
}

import { byteAt, uint32At } from '@parley/bytes'
import { type FeedbackSource, feedbackSourceLength, type PacketType, writeFeedbackSource } from './packet-type.ts'

/** PLI: the receiver has lost the picture and needs a key frame (RFC 4585 §6.3.1). */
export type PictureLossIndication = FeedbackSource

export const pictureLossIndication: PacketType<PictureLossIndication> = {
  type: 206,
  format: 1,
  decode(bytes, start, end) {
    if (start + feedbackSourceLength > end) return undefined
    return { senderSsrc: uint32At(bytes, start), mediaSsrc: uint32At(bytes, start + 4) }
  },
  encode: writeFeedbackSource,
}

interface FullIntraRequestEntry {
  readonly ssrc: number
  /** Goes up by one with each new request, modulo 256. The same number again repeats the same request. */
  readonly sequenceNumber: number
}

/** FIR: send a key frame (RFC 5104 §4.3.1). The entries name the streams; `mediaSsrc` is 0. */
export interface FullIntraRequest extends FeedbackSource {
  readonly entries: readonly FullIntraRequestEntry[]
}

const entryLength = 8

export const fullIntraRequest: PacketType<FullIntraRequest> = {
  type: 206,
  format: 4,
  decode(bytes, start, end) {
    const first = start + feedbackSourceLength
    if (first + entryLength > end) return undefined
    const entries = Array.from({ length: Math.floor((end - first) / entryLength) }, (_, i) => ({
      ssrc: uint32At(bytes, first + i * entryLength),
      sequenceNumber: byteAt(bytes, first + i * entryLength + 4),
    }))
    return { senderSsrc: uint32At(bytes, start), mediaSsrc: uint32At(bytes, start + 4), entries }
  },
  encode(writer, value) {
    writeFeedbackSource(writer, value)
    for (const { ssrc, sequenceNumber } of value.entries) {
      writer.uint32(ssrc)
      writer.uint8(sequenceNumber)
      writer.zeros(3)
    }
  },
}

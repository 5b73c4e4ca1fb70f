import { uint32At } from '@parley/bytes'
import { type FeedbackSource, feedbackSourceLength, type PacketType, writeFeedbackSource } from './packet-type.ts'

/** PLI: the receiver has no picture to go on from (RFC 4585 §6.3.1). */
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

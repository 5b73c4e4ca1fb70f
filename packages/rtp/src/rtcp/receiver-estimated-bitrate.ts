import { byteAt, EncodeError, uint16At, uint32At } from '@parley/bytes'
import { type FeedbackSource, feedbackSourceLength, type PacketType, writeFeedbackSource } from './packet-type.ts'

/** REMB: send no more than this in total (draft-alvestrand-rmcat-remb-03). `mediaSsrc` is 0. */
export interface ReceiverEstimatedBitrate extends FeedbackSource {
  /** Only its 18 most significant bits are sent; the rest is cut off. */
  readonly bitrateBps: number
  /** The streams that share this bit rate: at most 255. */
  readonly ssrcs: readonly number[]
}

/** "REMB" in ASCII: application layer feedback begins with a name of its own choice. */
const identifier = 0x52454d42
const mantissaLimit = 2 ** 18
const maxExponent = 63

export const receiverEstimatedBitrate: PacketType<ReceiverEstimatedBitrate> = {
  type: 206,
  format: 15,
  matches: (bytes, start, end) =>
    start + feedbackSourceLength + 4 <= end && uint32At(bytes, start + feedbackSourceLength) === identifier,
  decode(bytes, start, end) {
    const at = start + feedbackSourceLength + 4
    const count = byteAt(bytes, at)
    if (at + 4 * (count + 1) > end) return undefined
    const exponent = byteAt(bytes, at + 1) >> 2
    const mantissa = ((byteAt(bytes, at + 1) & 0x03) << 16) | uint16At(bytes, at + 2)
    return {
      senderSsrc: uint32At(bytes, start),
      mediaSsrc: uint32At(bytes, start + 4),
      bitrateBps: mantissa * 2 ** exponent,
      ssrcs: Array.from({ length: count }, (_, i) => uint32At(bytes, at + 4 + 4 * i)),
    }
  },
  encode(writer, value) {
    let exponent = 0
    let mantissa = Math.floor(value.bitrateBps)
    if (!(mantissa >= 0)) throw new EncodeError(writer.place, `${value.bitrateBps} is not a bit rate`)
    while (mantissa >= mantissaLimit && exponent < maxExponent) {
      mantissa = Math.floor(mantissa / 2)
      exponent++
    }
    mantissa = Math.min(mantissa, mantissaLimit - 1)
    writeFeedbackSource(writer, value)
    writer.uint32(identifier)
    writer.uint8(value.ssrcs.length)
    writer.uint24((exponent << 18) | mantissa)
    for (const ssrc of value.ssrcs) writer.uint32(ssrc)
  },
}

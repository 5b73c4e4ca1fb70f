import { concat } from '../aead.ts'
import { unwrapAv1, wrapAv1 } from './av1.ts'
import { unwrapH264, wrapH264 } from './h264.ts'
import { vp8ClearLength } from './vp8.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The codecs whose frames can be enveloped. All sound is `audio`: no packetizer looks into it. */
export const envelopeCodecs = ['audio', 'vp8', 'vp9', 'h264', 'av1'] as const
export type EnvelopeCodec = (typeof envelopeCodecs)[number]

/** The last byte of an enveloped frame: how to find the ciphertext in it. None is 0, so that no packetizer cuts it off. */
const layout = { prefixed: 0xc1, h264: 0xc2, av1: 0xc3 } as const

/**
 * Puts an encrypted frame into an envelope that browsers can cut into packets and put together again, and in which an SFU finds
 * what it looks for: whether a frame begins, and whether it is a key frame. What stands in the clear is a copy of a few bytes of
 * the frame: whoever decrypts uses nothing of it, so that nothing is won by changing it.
 *
 * - sound, VP9: nothing in the clear. VP9's payload descriptor (RFC 9628) is made of what the encoder says besides the frame.
 * - VP8: the payload header (RFC 7741 §4.3): 10 bytes of a key frame, which tell its size, 3 of others.
 * - H.264: the parameter sets, and the start of the first slice with the number of its parameter set; then the ciphertext is the
 *   slice's data, with emulation prevention.
 * - AV1: the sequence header; then the ciphertext is the payload of a single frame OBU.
 *
 * @returns undefined if the frame is none of the codec.
 */
export function wrap(codec: EnvelopeCodec, frame: Bytes, sealed: Bytes): Bytes | undefined {
  switch (codec) {
    case 'h264':
      return wrapH264(frame, concat(sealed, [layout.h264]))
    case 'av1':
      return wrapAv1(frame, concat(sealed, [layout.av1]))
    default: {
      const clear = codec === 'vp8' ? vp8ClearLength(frame) : 0
      return concat(frame.subarray(0, clear), sealed, [clear, layout.prefixed])
    }
  }
}

/** Takes the SFrame ciphertext out of its envelope. Undefined for frames that have none, such as those that are not encrypted. */
export function unwrap(frame: Bytes): Bytes | undefined {
  switch (frame.at(-1)) {
    case layout.prefixed: {
      const clear = frame.at(-2) ?? 0
      return clear + 2 <= frame.length ? frame.slice(clear, -2) : undefined
    }
    case layout.h264:
      return unwrapH264(frame)?.slice(0, -1)
    case layout.av1:
      return unwrapAv1(frame)?.slice(0, -1)
    default:
      return undefined
  }
}

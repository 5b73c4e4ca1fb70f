import { byteAt } from '@parley/bytes'
import type { BitReader } from '../bit-reader.ts'

const maxGolombZeros = 31

/**
 * Copies a NAL unit without its emulation prevention bytes, which keep start codes out of it (H.264 §7.4.1, H.265 §7.4.2), as
 * far as `into` has room. Returns how many bytes were copied.
 */
export function removeEmulation(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let length = 0
  let zeros = 0
  for (let at = start; at < end && length < into.length; at++) {
    const byte = byteAt(bytes, at)
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    into[length++] = byte
  }
  return length
}

/** An unsigned Exp-Golomb number, ue(v) (H.264 §9.1, H.265 §9.2); 0 if it is malformed. */
export function golomb(reader: BitReader): number {
  let zeros = 0
  while (!reader.flag()) if (reader.overrun || ++zeros > maxGolombZeros) return 0
  return 2 ** zeros - 1 + reader.bits(zeros)
}

import { byteAt } from '@parley/bytes'
import type { BitReader } from '../bit-reader.ts'

const maxGolombZeros = 31

/** Copies without the bytes that keep start codes away (H.264 §7.4.1, H.265 §7.4.2), as far as there is room; returns how many. */
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

/** ue(v) (H.264 §9.1, H.265 §9.2). */
export function golomb(reader: BitReader): number {
  let zeros = 0
  while (!reader.flag()) if (reader.overrun || ++zeros > maxGolombZeros) return 0
  return 2 ** zeros - 1 + reader.bits(zeros)
}

import { concat } from '../aead.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** H.264 table 7-1: a slice, and one of an IDR picture. */
const slices: readonly number[] = [1, 5]

/**
 * How much of the first slice stays in the clear: its NAL header, and first_mb_in_slice, slice_type and pic_parameter_set_id
 * (H.264 §7.3.3), from which receivers tell whether they have its parameter sets. The three take two bytes for a first slice.
 */
const sliceClear = 3

/** The frame (in the byte stream format of annex B) up to and with the start of its first slice, then `hidden` as the slice's data. */
export function wrapH264(frame: Uint8Array, hidden: Uint8Array): Bytes | undefined {
  const slice = firstSlice(frame)
  if (slice === undefined) return undefined
  return concat(frame.subarray(0, slice + sliceClear), insertPrevention(hidden))
}

/** What {@link wrapH264} has hidden. Start codes may have become shorter or longer on the way, and parameter sets rewritten. */
export function unwrapH264(frame: Uint8Array): Bytes | undefined {
  const slice = firstSlice(frame)
  return slice === undefined ? undefined : removePrevention(frame.subarray(slice + sliceClear))
}

/** Where the first slice's NAL unit begins, if it has the bytes that stay in the clear. */
function firstSlice(frame: Uint8Array): number | undefined {
  for (let at = 3; at + sliceClear <= frame.length; at++) {
    const isStart = frame[at - 1] === 1 && frame[at - 2] === 0 && frame[at - 3] === 0
    if (isStart && slices.includes((frame[at] ?? 0) & 0x1f)) return at
  }
  return undefined
}

/** Emulation prevention (H.264 §7.4.1): two zeros are never followed by a byte below 4 other than the inserted 3. */
function insertPrevention(data: Uint8Array): Bytes {
  const escaped = new Uint8Array(Math.ceil(data.length * 1.5) + 1)
  let end = 0
  // The bytes in the clear may end with zeros: begin as if they did.
  let zeros = 2
  for (const byte of data) {
    if (zeros === 2 && byte <= 3) {
      escaped[end++] = 3
      zeros = 0
    }
    escaped[end++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return escaped.slice(0, end)
}

function removePrevention(escaped: Uint8Array): Bytes {
  const data = new Uint8Array(escaped.length)
  let end = 0
  let zeros = 2
  for (const byte of escaped) {
    if (zeros === 2 && byte === 3) {
      zeros = 0
      continue
    }
    data[end++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return data.slice(0, end)
}

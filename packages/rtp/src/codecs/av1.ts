import { byteAt } from '@parley/bytes'
import { readSequenceHeaderSize } from './av1-sequence-header.ts'
import type { Inspector, PayloadInfo } from './payload-info.ts'

/** The aggregation header (AV1 RTP §4.4). */
const aggregation = { continues: 0x80, newSequence: 0x08 } as const

/** Flags of an OBU's header (AV1 §5.3.2). */
const obuFlag = { extension: 0x04, size: 0x02 } as const

/** AV1 §6.2.2. */
const obuType = { sequenceHeader: 1, temporalDelimiter: 2, frameHeader: 3, metadata: 5, frame: 6 } as const

/** The OBUs that come before the first tile of a frame. */
const beginFrame: readonly number[] = Object.values(obuType)
const maxLengthBytes = 5

/**
 * AV1 (AV1 RTP specification §4): a sequence header begins a key frame. Layers are left to the dependency descriptor, which
 * also works where the payload is encrypted.
 */
export const inspectAv1: Inspector = (bytes, start, end, info) => {
  info.reset()
  if (start + 1 >= end) return false
  const head = byteAt(bytes, start)
  const count = (head >> 4) & 0x03
  const continues = (head & aggregation.continues) !== 0
  // A new sequence cannot begin in the middle of an OBU (§4.4).
  if (continues && head & aggregation.newSequence) return false
  info.keyFrame = (head & aggregation.newSequence) !== 0
  let at = start + 1
  for (let element = 1; at < end && (count === 0 || element <= count); element++) {
    let length = end - at
    // If the header gives the number of elements, the last of them has no length.
    if (element !== count) {
      const lengthBytes = leb128Length(bytes, at, end)
      if (lengthBytes < 0) return false
      length = leb128At(bytes, at, lengthBytes)
      at += lengthBytes
    }
    if (at + length > end) return false
    if (length > 0 && !(element === 1 && continues)) readObu(bytes, at, at + length, element === 1, info)
    at += length
  }
  return true
}

function readObu(bytes: Uint8Array, start: number, end: number, isFirst: boolean, info: PayloadInfo): void {
  const head = byteAt(bytes, start)
  const type = (head >> 3) & 0x0f
  let at = start + 1
  if (head & obuFlag.extension && at < end) at++
  if (isFirst) info.startOfFrame = beginFrame.includes(type)
  if (type !== obuType.sequenceHeader) return
  info.keyFrame = true
  // RTP makes the OBU's own size needless, but allows it (§4.5).
  if (head & obuFlag.size) at += Math.max(0, leb128Length(bytes, at, end))
  readSequenceHeaderSize(bytes, at, end, info)
}

/** How many bytes the LEB128 number at `start` takes (AV1 §4.10.5); -1 if it has no end or is longer than any packet needs. */
function leb128Length(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end && at < start + maxLengthBytes; at++) {
    if (byteAt(bytes, at) < 0x80) return at - start + 1
  }
  return -1
}

function leb128At(bytes: Uint8Array, start: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 0x80 + (byteAt(bytes, start + i) & 0x7f)
  return value
}

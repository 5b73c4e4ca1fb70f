import { byteAt, uint16At } from '@parley/bytes'
import { readSequenceParameterSize } from './h264-sps.ts'
import type { Inspector, PayloadInfo } from './payload-info.ts'

/** H.264 table 7-1, and RFC 6184 §5.2 from 24 on. */
const nalType = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, single: 23, stapA: 24, fuA: 28 } as const

/** The NAL units that come before the first slice of a picture. */
const beginPicture: readonly number[] = [nalType.sei, nalType.sps, nalType.pps, nalType.delimiter]
const fragmentStart = 0x80

/**
 * H.264 (RFC 6184) in packetization modes 0 and 1: single NAL units, STAP-A and FU-A. An IDR picture is a key frame, and so
 * are the parameter sets before it. Both the parameter sets of a picture and its first slice count as its beginning.
 */
export const inspectH264: Inspector = (bytes, start, end, info) => {
  info.reset()
  if (start >= end) return false
  const type = byteAt(bytes, start) & 0x1f
  if (type === nalType.stapA) return readAggregate(bytes, start + 1, end, info)
  if (type === nalType.fuA) return readFragment(bytes, start + 1, end, info)
  if (type === 0 || type > nalType.single) return false
  readNal(bytes, type, start + 1, end, true, info)
  return true
}

function readAggregate(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): boolean {
  if (start >= end) return false
  for (let at = start; at < end; ) {
    const nal = at + 2
    if (nal >= end) return false
    const next = nal + uint16At(bytes, at)
    if (next === nal || next > end) return false
    readNal(bytes, byteAt(bytes, nal) & 0x1f, nal + 1, next, at === start, info)
    at = next
  }
  return true
}

function readFragment(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): boolean {
  if (start + 1 >= end) return false
  const head = byteAt(bytes, start)
  const type = head & 0x1f
  if (head & fragmentStart) readNal(bytes, type, start + 1, end, true, info)
  else info.keyFrame = type === nalType.idr
  return true
}

function readNal(
  bytes: Uint8Array,
  type: number,
  start: number,
  end: number,
  isFirst: boolean,
  info: PayloadInfo,
): void {
  if (type === nalType.idr || type === nalType.sps) info.keyFrame = true
  if (isFirst) info.startOfFrame = beginPicture.includes(type) || beginsSlices(bytes, type, start, end)
  if (type === nalType.sps) readSequenceParameterSize(bytes, start, end, info)
}

/** Whether a slice is its picture's first: then first_mb_in_slice is 0, which Exp-Golomb writes as a single 1 bit (H.264 §7.3.3). */
function beginsSlices(bytes: Uint8Array, type: number, start: number, end: number): boolean {
  return (type === nalType.slice || type === nalType.idr) && start < end && byteAt(bytes, start) >= 0x80
}

import { byteAt, uint16At } from '@parley/bytes'
import { readH265ParameterSize } from './h265-sps.ts'
import type { Inspector, PayloadInfo } from './payload-info.ts'

/** H.265 table 7-1; RFC 7798 §4.4 from 48 on. */
const nalType = {
  firstIrap: 16,
  lastIrap: 21,
  lastSlice: 31,
  vps: 32,
  sps: 33,
  pps: 34,
  delimiter: 35,
  sei: 39,
} as const
const packetType = { aggregate: 48, fragment: 49, paci: 50 } as const

/** The NAL units that come before the first slice of a picture. */
const beginPicture: readonly number[] = [nalType.vps, nalType.sps, nalType.pps, nalType.delimiter, nalType.sei]
const headerLength = 2
const fragmentStart = 0x80

/**
 * H.265 (RFC 7798) in a single stream in decoding order: single NAL units, aggregation packets and fragmentation units. A
 * picture that decoding can start from (IRAP) is a key frame, and so are the parameter sets before it.
 */
export const inspectH265: Inspector = (bytes, start, end, info) => {
  info.reset()
  if (start + headerLength >= end) return false
  const type = typeAt(bytes, start)
  if (type === packetType.aggregate) return readAggregate(bytes, start + headerLength, end, info)
  if (type === packetType.fragment) return readFragment(bytes, start + headerLength, end, info)
  if (type >= packetType.paci) return false
  readNal(bytes, type, start + headerLength, end, true, info)
  return true
}

function typeAt(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) >> 1) & 0x3f
}

function readAggregate(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): boolean {
  for (let at = start; at < end; ) {
    const nal = at + 2
    if (nal + headerLength > end) return false
    const next = nal + uint16At(bytes, at)
    if (next < nal + headerLength || next > end) return false
    readNal(bytes, typeAt(bytes, nal), nal + headerLength, next, at === start, info)
    at = next
  }
  return true
}

function readFragment(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): boolean {
  if (start + 1 >= end) return false
  const head = byteAt(bytes, start)
  const type = head & 0x3f
  if (head & fragmentStart) readNal(bytes, type, start + 1, end, true, info)
  else info.keyFrame = isIrap(type)
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
  if (isIrap(type) || type === nalType.vps || type === nalType.sps) info.keyFrame = true
  // first_slice_segment_in_pic_flag (H.265 §7.3.6.1)
  const firstSlice = type <= nalType.lastSlice && start < end && byteAt(bytes, start) >= 0x80
  if (isFirst) info.startOfFrame = beginPicture.includes(type) || firstSlice
  if (type === nalType.sps) readH265ParameterSize(bytes, start, end, info)
}

function isIrap(type: number): boolean {
  return type >= nalType.firstIrap && type <= nalType.lastIrap
}

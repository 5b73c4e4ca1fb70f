import { BitReader } from '../bit-reader.ts'
import type { PayloadInfo } from './payload-info.ts'
import { golomb, removeEmulation } from './raw-bytes.ts'

const chroma444 = 3
const unescaped = new Uint8Array(256)
const reader = new BitReader()

/** Reads the picture's size from a sequence parameter set (H.265 §7.3.2.2) without its NAL header; leaves `info` alone if it is malformed. */
export function readH265ParameterSize(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): void {
  reader.target(unescaped, 0, removeEmulation(bytes, start, end, unescaped))
  reader.bits(4) // sps_video_parameter_set_id
  const subLayers = reader.bits(3)
  reader.bits(1) // sps_temporal_id_nesting_flag
  skipProfileTierLevel(subLayers)
  golomb(reader) // sps_seq_parameter_set_id
  const chromaFormat = golomb(reader)
  const separatePlanes = chromaFormat === chroma444 && reader.flag()
  let width = golomb(reader)
  let height = golomb(reader)
  if (reader.flag()) {
    const planes = separatePlanes ? 0 : chromaFormat
    width -= (golomb(reader) + golomb(reader)) * (planes === 1 || planes === 2 ? 2 : 1)
    height -= (golomb(reader) + golomb(reader)) * (planes === 1 ? 2 : 1)
  }
  if (reader.overrun || width <= 0 || height <= 0) return
  info.width = width
  info.height = height
}

/** profile_tier_level() (H.265 §7.3.3). */
function skipProfileTierLevel(subLayers: number): void {
  for (let bytes = 0; bytes < 12; bytes++) reader.bits(8)
  let profiles = 0
  let levels = 0
  for (let layer = 0; layer < subLayers; layer++) {
    if (reader.flag()) profiles++
    if (reader.flag()) levels++
  }
  if (subLayers > 0) for (let layer = subLayers; layer < 8; layer++) reader.bits(2)
  for (let bytes = profiles * 11 + levels; bytes > 0; bytes--) reader.bits(8)
}

import { BitReader } from '../bit-reader.ts'
import type { PayloadInfo } from './payload-info.ts'
import { golomb, removeEmulation } from './raw-bytes.ts'

/** The profiles whose parameter sets state the chroma format and may hold scaling lists (H.264 §7.3.2.1.1). */
const highProfiles: readonly number[] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]
const chroma444 = 3
const macroblock = 16
/** Far more than any parameter set needs up to and including the size. */
const maxLength = 256
const maxPocCycle = 255

const unescaped = new Uint8Array(maxLength)
const reader = new BitReader()

/** Reads the picture's size from a sequence parameter set without its NAL header; leaves `info` alone if it is malformed. */
export function readSequenceParameterSize(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): void {
  reader.target(unescaped, 0, removeEmulation(bytes, start, end, unescaped))
  const profile = reader.bits(8)
  reader.bits(16) // constraints, level
  golomb(reader) // seq_parameter_set_id
  let chromaFormat = 1
  let separatePlanes = false
  if (highProfiles.includes(profile)) {
    chromaFormat = golomb(reader)
    if (chromaFormat === chroma444) separatePlanes = reader.flag()
    golomb(reader) // bit_depth_luma_minus8
    golomb(reader) // bit_depth_chroma_minus8
    reader.bits(1) // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) skipScalingLists(chromaFormat === chroma444 ? 12 : 8)
  }
  golomb(reader) // log2_max_frame_num_minus4
  skipPictureOrder()
  golomb(reader) // max_num_ref_frames
  reader.bits(1) // gaps_in_frame_num_value_allowed_flag
  const widthBlocks = golomb(reader) + 1
  const heightUnits = golomb(reader) + 1
  const fieldFactor = reader.flag() ? 1 : 2
  if (fieldFactor === 2) reader.bits(1) // mb_adaptive_frame_field_flag
  reader.bits(1) // direct_8x8_inference_flag
  let cropX = 0
  let cropY = 0
  if (reader.flag()) {
    const planes = separatePlanes ? 0 : chromaFormat
    cropX = (golomb(reader) + golomb(reader)) * (planes === 1 || planes === 2 ? 2 : 1)
    cropY = (golomb(reader) + golomb(reader)) * (planes === 1 ? 2 : 1) * fieldFactor
  }
  const width = widthBlocks * macroblock - cropX
  const height = heightUnits * macroblock * fieldFactor - cropY
  if (reader.overrun || width <= 0 || height <= 0) return
  info.width = width
  info.height = height
}

/** A signed Exp-Golomb number, se(v) (H.264 §9.1.1). */
function signedGolomb(): number {
  const code = golomb(reader)
  return code % 2 ? (code + 1) / 2 : -code / 2
}

function skipScalingLists(count: number): void {
  for (let list = 0; list < count; list++) {
    if (!reader.flag()) continue
    let last = 8
    for (let i = 0, size = list < 6 ? 16 : 64; i < size && last !== 0 && !reader.overrun; i++) {
      last = (last + signedGolomb() + 256) % 256
    }
  }
}

function skipPictureOrder(): void {
  const type = golomb(reader)
  if (type === 0) golomb(reader) // log2_max_pic_order_cnt_lsb_minus4
  if (type !== 1) return
  reader.bits(1) // delta_pic_order_always_zero_flag
  golomb(reader) // offset_for_non_ref_pic
  golomb(reader) // offset_for_top_to_bottom_field
  for (let left = Math.min(golomb(reader), maxPocCycle); left > 0 && !reader.overrun; left--) golomb(reader)
}

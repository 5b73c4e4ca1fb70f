import { BitReader } from '../bit-reader.ts'
import type { PayloadInfo } from './payload-info.ts'

const reader = new BitReader()
const maxUvlcZeros = 32
/** Only levels above this one are followed by a tier (AV1 §5.5.1). */
const lastLevelWithoutTier = 7

/** Reads the largest frame's size from a sequence header OBU (AV1 §5.5) without its OBU header; leaves `info` alone if it is malformed. */
export function readSequenceHeaderSize(bytes: Uint8Array, start: number, end: number, info: PayloadInfo): void {
  reader.target(bytes, start, end)
  reader.bits(4) // seq_profile, still_picture
  if (reader.flag()) reader.bits(5)
  else skipOperatingPoints()
  const widthBits = reader.bits(4) + 1
  const heightBits = reader.bits(4) + 1
  const width = reader.bits(widthBits) + 1
  const height = reader.bits(heightBits) + 1
  if (reader.overrun) return
  info.width = width
  info.height = height
}

function skipOperatingPoints(): void {
  const delayBits = reader.flag() ? skipTiming() : 0
  const hasDisplayDelay = reader.flag()
  for (let points = reader.bits(5) + 1; points > 0 && !reader.overrun; points--) {
    reader.bits(12) // operating_point_idc
    if (reader.bits(5) > lastLevelWithoutTier) reader.bits(1)
    if (delayBits > 0 && reader.flag()) {
      reader.bits(delayBits)
      reader.bits(delayBits)
      reader.bits(1)
    }
    if (hasDisplayDelay && reader.flag()) reader.bits(4)
  }
}

/** timing_info() and decoder_model_info() (§5.5.3, §5.5.4). Returns how many bits a buffer delay has; 0 without a model. */
function skipTiming(): number {
  reader.bits(32)
  reader.bits(32)
  if (reader.flag()) skipUvlc()
  if (!reader.flag()) return 0
  const delayBits = reader.bits(5) + 1
  reader.bits(32)
  reader.bits(10)
  return delayBits
}

/** uvlc() (§4.10.3). */
function skipUvlc(): void {
  let zeros = 0
  while (zeros < maxUvlcZeros && !reader.overrun && !reader.flag()) zeros++
  if (zeros < maxUvlcZeros) reader.bits(zeros)
}

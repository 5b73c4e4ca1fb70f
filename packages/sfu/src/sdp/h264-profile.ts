/** The bits of `profile-iop` that tell profiles of the same `profile_idc` apart: mask, value, profile (RFC 6184 §8.1, table 5). */
const patterns: Readonly<Record<number, readonly (readonly [mask: number, value: number, profile: string])[]>> = {
  66: [
    [0x4f, 0x40, 'constrained-baseline'],
    [0x4f, 0x00, 'baseline'],
  ],
  77: [
    [0x8f, 0x80, 'constrained-baseline'],
    [0xaf, 0x00, 'main'],
  ],
  88: [
    [0xcf, 0xc0, 'constrained-baseline'],
    [0xcf, 0x80, 'baseline'],
    [0xcf, 0x00, 'extended'],
  ],
  100: [
    [0xff, 0x00, 'high'],
    [0xff, 0x0c, 'constrained-high'],
  ],
  110: [[0xff, 0x00, 'high-10']],
  244: [[0xff, 0x00, 'high-4:4:4']],
}

/** Stands for an absent `profile-level-id`: baseline, level 1 (RFC 6184 §8.1). */
const absent = '420010'

/**
 * The profile that a `profile-level-id` names in one of its ways; undefined: none of ours. Levels are not compared, since
 * with `level-asymmetry-allowed` each end states its own (RFC 6184 §8.2.2).
 */
export function h264Profile(profileLevelId: string = absent): string | undefined {
  if (!/^[\da-f]{6}$/i.test(profileLevelId)) return undefined
  const bits = Number.parseInt(profileLevelId, 16)
  const iop = (bits >> 8) & 0xff
  return patterns[bits >> 16]?.find(([mask, value]) => (iop & mask) === value)?.[2]
}

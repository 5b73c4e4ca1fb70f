/** Constraint flags of `profile-iop` (H.264 §7.4.2.1.1). The lowest two bits are reserved, and ignored. */
const set = { zero: 0x80, one: 0x40, four: 0x08, five: 0x04 } as const

/** The profiles, each with the other profiles that its decoders can decode (H.264 §A.2), and how it is written. */
const profiles: Readonly<Record<string, { readonly decodes: readonly string[]; readonly written: string }>> = {
  'constrained-baseline': { decodes: ['baseline'], written: '42e0' },
  // Nobody sends what only baseline has (slice groups, redundant slices), yet many streams are labelled baseline.
  baseline: { decodes: ['constrained-baseline'], written: '4200' },
  extended: { decodes: ['constrained-baseline', 'baseline'], written: '5800' },
  main: { decodes: ['constrained-baseline', 'baseline'], written: '4d00' },
  'constrained-high': { decodes: ['constrained-baseline', 'baseline'], written: '640c' },
  high: { decodes: ['constrained-baseline', 'baseline', 'main', 'constrained-high'], written: '6400' },
  'high-10': { decodes: ['constrained-baseline', 'baseline', 'main', 'constrained-high', 'high'], written: '6e00' },
  'high-4:4:4': {
    decodes: ['constrained-baseline', 'baseline', 'main', 'constrained-high', 'high', 'high-10'],
    written: 'f400',
  },
}

/** The profiles to offer for a profile that is sent. Browsers compare profiles by name, and ignore which includes which. */
const offered: Readonly<Record<string, readonly string[]>> = {
  baseline: ['constrained-baseline'],
  main: ['main', 'high'],
  'constrained-high': ['constrained-high', 'high'],
}

/** What an absent `profile-level-id` means: baseline, level 1 (RFC 6184 §8.1). */
const absent = '42000a'
/** For a stream without a level: 3.1, as browsers state. */
const usualLevel = '1f'

/**
 * `profile_idc`, constraint flags, level. FFmpeg writes its own flags in place of the second, which then has three digits or more
 * (0x200 is constrained, 0x800 is intra). Some encoders leave out the level.
 */
const forms = /^([\da-f]{2})(?:([\da-f]{2})|([28a])00)([\da-f]{2})?$/i

/**
 * The name of the profile in a `profile-level-id`, read leniently; its digits if it has no name here; undefined if it is malformed.
 * Levels do not matter, because with `level-asymmetry-allowed` each end states its own (RFC 6184 §8.2.2).
 */
export function h264Profile(profileLevelId: string = absent): string | undefined {
  const [, idc, flags, ffmpeg] = forms.exec(profileLevelId) ?? []
  if (idc === undefined) return undefined
  const constrained = ffmpeg === '2' || ffmpeg?.toLowerCase() === 'a'
  const iop = flags === undefined ? (constrained ? set.one : 0) : Number.parseInt(flags, 16)
  const has = (flag: number) => (iop & flag) !== 0
  switch (Number.parseInt(idc, 16)) {
    case 66:
      return has(set.one) ? 'constrained-baseline' : 'baseline'
    case 77:
      return has(set.zero) ? 'constrained-baseline' : 'main'
    case 88:
      if (has(set.zero)) return has(set.one) ? 'constrained-baseline' : 'baseline'
      return 'extended'
    case 100:
      return has(set.four) && has(set.five) ? 'constrained-high' : 'high'
    case 110:
      return 'high-10'
    case 244:
      return 'high-4:4:4'
    default:
      return `${idc}${flags ?? '00'}`.toLowerCase()
  }
}

/** Whether a decoder of one profile can decode a stream of another. */
export function decodesH264(decoder: string, sent: string): boolean {
  return decoder === sent || (profiles[decoder]?.decodes.includes(sent) ?? false)
}

/** The values of `profile-level-id` under which receivers may know a stream. */
export function offeredH264(profileLevelId: string = absent): string[] {
  const profile = h264Profile(profileLevelId) ?? ''
  const level = /^[\da-f]{4,5}([\da-f]{2})$/i.exec(profileLevelId)?.[1] ?? usualLevel
  return (offered[profile] ?? [profile]).map(name => `${profiles[name]?.written ?? name}${level}`.toLowerCase())
}

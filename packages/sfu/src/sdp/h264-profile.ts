/** The bits of `profile-iop`, the constraint flags (H.264 §7.4.2.1.1); the lowest two are reserved, and passed over. */
const set = { zero: 0x80, one: 0x40, four: 0x08, five: 0x04 } as const

/** Each with the profiles whose streams its decoders take besides its own (H.264 §A.2), and how it is written. */
const profiles: Readonly<Record<string, { readonly decodes: readonly string[]; readonly written: string }>> = {
  'constrained-baseline': { decodes: ['baseline'], written: '42e0' },
  // Nobody sends what sets it apart (slice groups, redundant slices), and everybody calls some of their streams so.
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

/** What browsers list, by the profile that is sent: they compare profiles by name, and know nothing of what includes what. */
const offered: Readonly<Record<string, readonly string[]>> = {
  baseline: ['constrained-baseline'],
  main: ['main', 'high'],
  'constrained-high': ['constrained-high', 'high'],
}

/** Stands for an absent `profile-level-id`: baseline, level 1 (RFC 6184 §8.1). */
const absent = '42000a'
/** For what comes without a level: 3.1, as browsers say. */
const usualLevel = '1f'

/**
 * `profile_idc`, the constraint flags, the level. FFmpeg writes its own flags into the second, which makes three digits of
 * it (0x200: constrained, 0x800: intra); some leave out the level.
 */
const forms = /^([\da-f]{2})(?:([\da-f]{2})|([28a])00)([\da-f]{2})?$/i

/**
 * The profile that a `profile-level-id` names in one of its ways, read leniently; one without a name of its own goes by its
 * numbers. Undefined: it is none. Levels are not compared, since with `level-asymmetry-allowed` each end states its own
 * (RFC 6184 §8.2.2).
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

/** Whether a decoder of one profile takes streams of another. */
export function decodesH264(decoder: string, sent: string): boolean {
  return decoder === sent || (profiles[decoder]?.decodes.includes(sent) ?? false)
}

/** How a stream is offered to those who receive it: the `profile-level-id`s under which they may know it. */
export function offeredH264(profileLevelId: string = absent): string[] {
  const profile = h264Profile(profileLevelId) ?? ''
  const level = /^[\da-f]{4,5}([\da-f]{2})$/i.exec(profileLevelId)?.[1] ?? usualLevel
  return (offered[profile] ?? [profile]).map(name => `${profiles[name]?.written ?? name}${level}`.toLowerCase())
}

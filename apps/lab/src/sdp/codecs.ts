import { attributes, type SdpSection } from './parse.ts'

/** A payload type with its attributes. */
export interface Codec {
  readonly payloadType: string
  /** As written in the SDP: `VP8`, `opus`. */
  readonly name: string
  readonly clockRate: string
  readonly channels: string | undefined
  readonly parameters: Readonly<Record<string, string>>
}

/** Static payload types, which are valid without an rtpmap (RFC 3551 §6). */
const fixed: Readonly<Record<string, string>> = {
  '0': 'PCMU/8000',
  '8': 'PCMA/8000',
  '9': 'G722/8000',
  '13': 'CN/8000',
}

/** The codecs of a section in order of preference. */
export function codecsOf({ lines }: SdpSection): readonly Codec[] {
  const m = lines.find(({ type }) => type === 'm')
  const payloadTypes = m?.value.split(/\s+/).slice(3) ?? []
  const maps = byPayloadType(attributes(lines, 'rtpmap'))
  const formats = byPayloadType(attributes(lines, 'fmtp'))
  return payloadTypes.flatMap(payloadType => {
    const map = maps.get(payloadType) ?? fixed[payloadType]
    if (map === undefined) return []
    const [name = '', clockRate = '', channels] = map.split('/')
    return [{ payloadType, name, clockRate, channels, parameters: parametersOf(formats.get(payloadType) ?? '') }]
  })
}

function byPayloadType(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map(value => {
      const space = value.indexOf(' ')
      return space < 0 ? [value, ''] : [value.slice(0, space), value.slice(space + 1).trim()]
    }),
  )
}

/** Parses `a=1;b=2` into a table; a part that is not `name=value` becomes a key with an empty value. */
export function parametersOf(text: string): Readonly<Record<string, string>> {
  const parts = text
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')
  return Object.fromEntries(
    parts.map(part => {
      const equals = part.indexOf('=')
      return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
    }),
  )
}

const helpers = /^(rtx|red|ulpfec|flexfec.*|cn|telephone-event)$/i

/** Whether a codec carries audio or video itself, rather than supporting one that does (such as RTX or FEC). */
export function isMedia({ name }: Codec): boolean {
  return !helpers.test(name)
}

/** Whether two codecs agree in everything that must be equal for the two sides to understand each other. */
export function sameCodec(a: Codec, b: Codec): boolean {
  const same = (x: string | undefined, y: string | undefined) => (x ?? '').toLowerCase() === (y ?? '').toLowerCase()
  if (!same(a.name, b.name) || a.clockRate !== b.clockRate || (a.channels ?? '1') !== (b.channels ?? '1')) return false
  return identity(a) === identity(b)
}

/** The parameters that distinguish incompatible formats: H.264 profile and packetization, VP9 and AV1 profile. */
function identity({ name, parameters }: Codec): string {
  const pick: Readonly<Record<string, () => string>> = {
    h264: () =>
      `${(parameters['profile-level-id'] ?? '42000a').slice(0, 4).toLowerCase()} ${parameters['packetization-mode'] ?? '0'}`,
    vp9: () => parameters['profile-id'] ?? '0',
    av1: () => parameters.profile ?? '0',
    h265: () => parameters['profile-id'] ?? '1',
  }
  return pick[name.toLowerCase()]?.() ?? ''
}

/** The codec's name with the parameters that distinguish its variants, such as `H264 (42e01f, mode 1)`. */
export function codecTitle(codec: Codec): string {
  const { name, parameters } = codec
  const extra = [parameters['profile-level-id'], parameters['profile-id'], parameters.profile].find(Boolean)
  const mode = parameters['packetization-mode']
  const notes = [extra, mode && `mode ${mode}`].filter(Boolean).join(', ')
  return notes ? `${name} (${notes})` : name
}

const h264Profiles: readonly (readonly [RegExp, string])[] = [
  [/^42[4-7c-f]/i, 'Constrained Baseline'],
  [/^42/i, 'Baseline'],
  [/^4d/i, 'Main'],
  [/^58/i, 'Extended'],
  [/^640c/i, 'Constrained High'],
  [/^64/i, 'High'],
  [/^f4/i, 'High 4:4:4'],
]

/** Profile and level of an H.264 `profile-level-id` (RFC 6184 §8.1); undefined if it is invalid. */
export function h264Profile(id: string): { readonly profile: string; readonly level: string } | undefined {
  if (!/^[0-9a-f]{6}$/i.test(id)) return undefined
  const profile = h264Profiles.find(([pattern]) => pattern.test(id))?.[1] ?? id.slice(0, 4)
  const level = Number.parseInt(id.slice(4), 16)
  return { profile, level: level === 11 && /[1357bdf]/i.test(id[2] ?? '') ? '1b' : (level / 10).toFixed(1) }
}

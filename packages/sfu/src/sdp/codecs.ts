import type { Feedback } from '../control.ts'
import { h264Profile } from './h264-profile.ts'
import type { Codec } from './model.ts'

type Parameters = ReadonlyMap<string, string>

/** `publish`: from a client to us; `subscribe`: from us to a client. */
export type Side = 'publish' | 'subscribe'

interface CodecRow {
  readonly kind: 'audio' | 'video'
  /** As its RFC writes it. */
  readonly label: string
  readonly clockRate: number
  readonly channels: number
  /** Of `fmtp`: those that pass. */
  readonly parameters: readonly string[]
  /** Two with the same answer can be forwarded one to the other; undefined: not for us. */
  readonly profile: (parameters: Parameters) => string | undefined
}

const video = { kind: 'video', clockRate: 90_000, channels: 1 } as const
const g711 = { kind: 'audio', clockRate: 8000, channels: 1, parameters: [], profile: () => '' } as const

/** Every codec that the SFU forwards, by its name in lower case. */
const table: Readonly<Record<string, CodecRow>> = {
  // RFC 7587 §6.1; its two channels are fixed, whatever is sent.
  opus: {
    kind: 'audio',
    label: 'opus',
    clockRate: 48_000,
    channels: 2,
    parameters: ['minptime', 'useinbandfec', 'usedtx', 'stereo', 'sprop-stereo', 'cbr'],
    profile: () => '',
  },
  pcmu: { ...g711, label: 'PCMU' },
  pcma: { ...g711, label: 'PCMA' },
  vp8: { ...video, label: 'VP8', parameters: [], profile: () => '' },
  // RFC 9628 §7.1; profiles 1 and 3 are 4:4:4, which no browser sends.
  vp9: {
    ...video,
    label: 'VP9',
    parameters: ['profile-id'],
    profile: parameters => oneOf(['0', '2'], parameters.get('profile-id') ?? '0'),
  },
  // RFC 6184 §8.1; non-interleaved mode.
  h264: {
    ...video,
    label: 'H264',
    parameters: ['level-asymmetry-allowed', 'packetization-mode', 'profile-level-id'],
    profile: parameters =>
      parameters.get('packetization-mode') === '1' ? h264Profile(parameters.get('profile-level-id')) : undefined,
  },
  // https://aomediacodec.github.io/av1-rtp-spec/#72-sdp-parameters
  av1: {
    ...video,
    label: 'AV1',
    parameters: ['level-idx', 'profile', 'tier'],
    profile: parameters => oneOf(['0', '1'], parameters.get('profile') ?? '0'),
  },
}

/** Feedback that the SFU understands. The path to a subscriber is not measured by transport-cc yet. */
const feedback: Readonly<Record<'audio' | 'video', Readonly<Record<Side, readonly Feedback[]>>>> = {
  audio: { publish: ['nack', 'transport-cc'], subscribe: ['nack'] },
  video: {
    publish: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
    subscribe: ['nack', 'nack pli', 'ccm fir', 'goog-remb'],
  },
}

/** Of payload types that need no `rtpmap` (RFC 3551 §6), those we know. */
export const staticPayloadTypes: Readonly<Record<number, string>> = { 0: 'pcmu', 8: 'pcma' }

/** The name as written in `rtpmap`; undefined: not one of ours. */
export function codecLabel(name: string): string | undefined {
  return row(name)?.label
}

/** The feedback of a medium on a side. */
export function feedbackOf(kind: 'audio' | 'video', side: Side): readonly Feedback[] {
  return feedback[kind][side]
}

/**
 * Tells codecs apart as far as it matters for forwarding: equal keys are the same codec. Undefined: not one that the SFU
 * forwards (in this kind of section).
 */
export function codecKey(codec: Codec, kind: 'audio' | 'video'): string | undefined {
  const known = row(codec.name)
  if (known?.kind !== kind || known.clockRate !== codec.clockRate || known.channels !== codec.channels) return undefined
  const profile = known.profile(parseParameters(codec.parameters))
  return profile === undefined ? undefined : `${codec.name}/${profile}`
}

/** Codecs by their keys; the first of two with the same counts. */
export function byKey(codecs: readonly Codec[], kind: 'audio' | 'video'): Map<string, Codec> {
  const found = new Map<string, Codec>()
  for (const codec of codecs) {
    const key = codecKey(codec, kind)
    if (key !== undefined && !found.has(key)) found.set(key, codec)
  }
  return found
}

/**
 * The codecs of an offer that we take, in its order, one of each kind and profile, with only the feedback and the
 * parameters that are known here.
 */
export function acceptCodecs(codecs: readonly Codec[], kind: 'audio' | 'video', side: Side): Codec[] {
  return [...byKey(codecs, kind).values()].map(codec => ({
    ...codec,
    parameters: formatParameters(codec),
    feedback: feedbackOf(kind, side).filter(way => codec.feedback.includes(way)),
  }))
}

/** The parameters of a codec that pass, in the table's order. */
function formatParameters(codec: Codec): string {
  const given = parseParameters(codec.parameters)
  const names = row(codec.name)?.parameters.filter(name => given.has(name)) ?? []
  return names.map(name => `${name}=${given.get(name)}`).join(';')
}

/** `name=value` pairs; what is something else is left out. */
function parseParameters(text: string): Parameters {
  const parameters = new Map<string, string>()
  for (const part of text.split(';')) {
    const [, name, value] = /^\s*([\w-]{1,32})=([\w.+/-]{1,32})\s*$/.exec(part) ?? []
    if (name !== undefined && value !== undefined) parameters.set(name.toLowerCase(), value)
  }
  return parameters
}

function row(name: string): CodecRow | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function oneOf(allowed: readonly string[], value: string): string | undefined {
  return allowed.includes(value) ? value : undefined
}

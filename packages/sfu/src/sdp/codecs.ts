import type { Feedback } from '../control.ts'
import { decodesH264, h264Profile, offeredH264 } from './h264-profile.ts'
import type { Codec } from './model.ts'

type Parameters = ReadonlyMap<string, string>

/** The direction of media: `publish` is from a client to us, `subscribe` is from us to a client. */
export type Side = 'publish' | 'subscribe'

interface CodecRow {
  readonly kind: 'audio' | 'video'
  /** As its RFC writes it. */
  readonly label: string
  readonly clockRate: number
  readonly channels: number
  /** The `fmtp` parameters that are passed on. */
  readonly parameters: readonly string[]
  /** Codecs with the same result are the same to a decoder. Undefined if we cannot forward it. */
  readonly profile: (parameters: Parameters) => string | undefined
  /** Whether a decoder of one profile can decode a stream of another. Absent: only of its own. */
  readonly decodes?: (decoder: string, sent: string) => boolean
  /** The `fmtp` values under which receivers may know a stream. Absent: only the sender's. */
  readonly offered?: (parameters: Parameters) => readonly string[]
  /** Loss of it is made up for by RED (RFC 2198) where both sides have that. */
  readonly redundant?: true
  /** How likely it is that somebody we know nothing about can decode a profile: from 0 to 3, which is everybody. */
  readonly reach: (profile: string) => number
}

/** What every WebRTC client must be able to decode (RFC 7742 §5, RFC 7874 §3). */
const everybody = 3

const video = { kind: 'video', clockRate: 90_000, channels: 1 } as const
const audio = { kind: 'audio', profile: () => '', reach: () => everybody } as const
const g711 = { ...audio, clockRate: 8000, channels: 1, parameters: [] } as const

const h264Reach: Readonly<Record<string, number>> = {
  'constrained-baseline/1': everybody,
  'constrained-baseline/0': 2.5,
  'baseline/1': 2,
  'baseline/0': 1.5,
}

/** Every codec that the SFU forwards, by its name in lower case. */
const table: Readonly<Record<string, CodecRow>> = {
  // RFC 7587 §6.1. It always states two channels, whatever is sent.
  opus: {
    ...audio,
    label: 'opus',
    clockRate: 48_000,
    channels: 2,
    parameters: ['minptime', 'useinbandfec', 'usedtx', 'stereo', 'sprop-stereo', 'cbr'],
    redundant: true,
  },
  pcmu: { ...g711, label: 'PCMU' },
  pcma: { ...g711, label: 'PCMA' },
  vp8: { ...video, label: 'VP8', parameters: [], profile: () => '', reach: () => everybody },
  // RFC 9628 §7.1
  vp9: {
    ...video,
    label: 'VP9',
    parameters: ['profile-id'],
    profile: parameters => oneOf(['0', '1', '2', '3'], parameters.get('profile-id') ?? '0'),
    reach: profile => (profile === '0' ? 2 : 0),
  },
  // RFC 6184 §8.1. The profile includes the packetization mode; the interleaved one (2) is not forwarded.
  h264: {
    ...video,
    label: 'H264',
    parameters: ['level-asymmetry-allowed', 'packetization-mode', 'profile-level-id', 'sprop-parameter-sets'],
    profile: parameters => {
      const mode = oneOf(['0', '1'], parameters.get('packetization-mode') ?? '0')
      const profile = h264Profile(parameters.get('profile-level-id'))
      return mode && profile && `${profile}/${mode}`
    },
    // A decoder that takes fragments and aggregates (mode 1) also takes single units (mode 0).
    decodes: (decoder, sent) => {
      const [ofDecoder = '', itsMode = ''] = decoder.split('/')
      const [ofStream = '', mode = ''] = sent.split('/')
      return mode <= itsMode && decodesH264(ofDecoder, ofStream)
    },
    offered: parameters =>
      offeredH264(parameters.get('profile-level-id')).map(
        id => `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${id}`,
      ),
    reach: profile => h264Reach[profile] ?? 1,
  },
  // RFC 7798 §7.1. Profile 1 is Main, 2 is Main 10. Only as a single stream (SRST) in decoding order.
  h265: {
    ...video,
    label: 'H265',
    parameters: [
      'level-id',
      'profile-id',
      'profile-space',
      'tier-flag',
      'tx-mode',
      'sprop-vps',
      'sprop-sps',
      'sprop-pps',
    ],
    profile: parameters => {
      const reordered = Number(parameters.get('sprop-max-don-diff') ?? 0) > 0
      const single = /^srst$/i.test(parameters.get('tx-mode') ?? 'srst')
      const profile = ['profile-space', 'tier-flag'].map(name => parameters.get(name) ?? '0')
      return single && !reordered ? [parameters.get('profile-id') ?? '1', ...profile].join('/') : undefined
    },
    // Main 10 includes Main, and the high tier (1) includes the main tier (H.265 §A.3, §A.4).
    decodes: (decoder, sent) => {
      const [ofDecoder = '', itsSpace, itsTier = ''] = decoder.split('/')
      const [ofStream = '', space, tier = ''] = sent.split('/')
      const includes = ofDecoder === ofStream || (ofDecoder === '2' && ofStream === '1')
      return includes && itsSpace === space && tier <= itsTier
    },
    reach: () => 0,
  },
  // https://aomediacodec.github.io/av1-rtp-spec/#72-sdp-parameters
  av1: {
    ...video,
    label: 'AV1',
    parameters: ['level-idx', 'profile', 'tier'],
    profile: parameters => oneOf(['0', '1', '2'], parameters.get('profile') ?? '0'),
    decodes: (decoder, sent) => decoder === sent || (decoder === '1' && sent === '0'),
    reach: profile => (profile === '0' ? 1 : 0),
  },
}

/** The feedback that the SFU understands. */
const feedback: Readonly<Record<'audio' | 'video', Readonly<Record<Side, readonly Feedback[]>>>> = {
  audio: { publish: ['nack', 'transport-cc'], subscribe: ['nack', 'transport-cc'] },
  video: {
    publish: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
    subscribe: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
  },
}

/** The payload types without `rtpmap` (RFC 3551 §6) that are still in use. Their clocks run at 8 kHz for audio, 90 kHz for video. */
export const staticPayloadTypes: Readonly<Record<'audio' | 'video', Readonly<Record<number, string>>>> = {
  audio: { 0: 'pcmu', 3: 'gsm', 4: 'g723', 8: 'pcma', 9: 'g722', 15: 'g728', 18: 'g729' },
  video: { 26: 'jpeg', 31: 'h261', 34: 'h263' },
}

/** The name as written in `rtpmap`; undefined if it is not a codec that we forward. */
export function codecLabel(name: string): string | undefined {
  return row(name)?.label
}

/** The names of all codecs that we forward. */
export function codecLabels(kind: 'audio' | 'video'): string[] {
  return Object.values(table).flatMap(codec => (codec.kind === kind ? codec.label : []))
}

/** The feedback that we understand for this kind of media in this direction. */
export function feedbackOf(kind: 'audio' | 'video', side: Side): readonly Feedback[] {
  return feedback[kind][side]
}

/** A codec that we forward, as far as its decoders are concerned. */
interface Identity {
  readonly row: CodecRow
  readonly profile: string
  readonly key: string
}

const identify = once((codec): Identity | undefined => {
  const known = row(codec.name)
  // Some encoders write one channel, though Opus always states two.
  const channels = codec.name === 'opus' && codec.channels === 1 ? known?.channels : codec.channels
  if (!known || known.clockRate !== codec.clockRate || known.channels !== channels) return undefined
  const profile = known.profile(parseParameters(codec.parameters))
  return profile === undefined ? undefined : { row: known, profile, key: `${codec.name}/${profile}` }
})

function identifyAs(codec: Codec, kind: 'audio' | 'video'): Identity | undefined {
  const identity = identify(codec)
  return identity?.row.kind === kind ? identity : undefined
}

/**
 * A key that is equal for codecs that are the same as far as forwarding goes. Undefined for a codec that we do not forward, or
 * not in this kind of section.
 */
export function codecKey(codec: Codec, kind: 'audio' | 'video'): string | undefined {
  return identifyAs(codec, kind)?.key
}

/** Codecs by their keys. Of two with the same key, the first counts. */
export function byKey(codecs: readonly Codec[], kind: 'audio' | 'video'): Map<string, Codec> {
  const found = new Map<string, Codec>()
  for (const codec of codecs) {
    const key = codecKey(codec, kind)
    if (key !== undefined && !found.has(key)) found.set(key, codec)
  }
  return found
}

/** Describes a codec for people: its name, and its profile if there are several. */
export const describeCodec = once((codec): string => {
  const known = row(codec.name)
  const id = parseParameters(codec.parameters).get('profile-level-id')
  const profile = known?.profile(parseParameters(codec.parameters)) ?? ''
  const detail = id === undefined ? profile : `${profile.split('/')[0]}, ${id}`
  return detail === '' ? (known?.label ?? codec.name) : `${known?.label ?? codec.name} (${detail})`
})

/** Whether a receiver that lists `decoder` can be sent what `sent` describes. */
export function decodes(decoder: Codec, sent: Codec, kind: 'audio' | 'video'): boolean {
  const [ofDecoder, ofStream] = [identifyAs(decoder, kind), identifyAs(sent, kind)]
  if (!ofDecoder || ofDecoder.row !== ofStream?.row) return false
  const { profile, row } = ofStream
  return ofDecoder.profile === profile || (row.decodes?.(ofDecoder.profile, profile) ?? false)
}

/** How likely it is that somebody we know nothing about can decode this, from 0 to 3. */
export function reachOf(codec: Codec, kind: 'audio' | 'video'): number {
  const identity = identifyAs(codec, kind)
  return identity ? identity.row.reach(identity.profile) : 0
}

/** Whether every receiver can decode this. */
export function isUniversal(codec: Codec, kind: 'audio' | 'video'): boolean {
  return reachOf(codec, kind) === everybody
}

/** The codecs of an offer that we can forward, in its order: the first of each key, with the feedback that we understand. */
export function acceptCodecs(codecs: readonly Codec[], kind: 'audio' | 'video', side: Side): Codec[] {
  return [...byKey(codecs, kind).values()].map(codec => ({
    ...(mayBeRedundant(codec) ? codec : withoutRedundancy(codec)),
    parameters: formatParameters(codec),
    feedback: feedbackOf(kind, side).filter(way => codec.feedback.includes(way)),
  }))
}

/** Whether RED is made of it, and taken apart. */
export function mayBeRedundant({ name }: Codec): boolean {
  return row(name)?.redundant ?? false
}

export function withoutRedundancy({ red: _, ...codec }: Codec): Codec {
  return codec
}

/** A codec as an answer repeats it: without what the sender said about its own stream (`sprop-`, RFC 6184 §8.2.2). */
export function answeredCodec(codec: Codec): Codec {
  const own = /^sprop-(?!stereo)/
  const parameters = codec.parameters.split(';').filter(parameter => !own.test(parameter))
  return { ...codec, parameters: parameters.join(';') }
}

/**
 * The same as it asks a publisher to send: Opus with what repairs the loss of a single packet (in-band FEC, RFC 7587 §6.1), also if
 * the offer did not say that. Encoders add it while they are told of losses.
 */
export function askedCodec(codec: Codec): Codec {
  const answered = answeredCodec(codec)
  if (codec.name !== 'opus') return answered
  const others = answered.parameters.split(';').filter(one => one !== '' && !one.startsWith('useinbandfec='))
  return { ...answered, parameters: [...others, 'useinbandfec=1'].join(';') }
}

/** The forms in which a published codec is offered to receivers. */
export const offeredCodecs = once((codec): readonly Codec[] => {
  const known = row(codec.name)
  const { channels = codec.channels } = known ?? {}
  const parameters = parseParameters(codec.parameters)
  const forms = known?.offered?.(parameters) ?? [
    formatParameters({ ...codec, parameters: answeredCodec(codec).parameters }),
  ]
  return forms.map(form => ({ ...codec, channels, parameters: form }))
})

/** The parameter sets that a publisher states in `fmtp`, as written there; empty if there are none. */
export function parameterSetsOf(codec: Codec): string {
  return codec.parameters
    .split(';')
    .filter(parameter => /^sprop-(?:parameter-sets|vps|sps|pps)=/.test(parameter))
    .join(';')
}

/** The parameters of a codec that are passed on, in the table's order. */
function formatParameters(codec: Codec): string {
  const given = parseParameters(codec.parameters)
  const names = row(codec.name)?.parameters.filter(name => given.has(name)) ?? []
  return names.map(name => `${name}=${given.get(name)}`).join(';')
}

/** The `name=value` pairs of a text; everything else in it is left out. */
function parseParameters(text: string): Parameters {
  const parameters = new Map<string, string>()
  for (const part of text.split(';')) {
    const [, name, value] = /^\s*([\w-]{1,32})=([\w.+/=,-]{1,1024})\s*$/.exec(part) ?? []
    if (name !== undefined && value !== undefined) parameters.set(name.toLowerCase(), value)
  }
  return parameters
}

/** Works something out once for each codec object, and keeps it for as long as that exists. */
function once<T>(workOut: (codec: Codec) => T): (codec: Codec) => T {
  const known = new WeakMap<Codec, { readonly result: T }>()
  return codec => {
    const before = known.get(codec)
    if (before) return before.result
    const result = workOut(codec)
    known.set(codec, { result })
    return result
  }
}

function row(name: string): CodecRow | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function oneOf(allowed: readonly string[], value: string): string | undefined {
  return allowed.includes(value) ? value : undefined
}

import type { MediaDescription } from 'sdp-transform'
import type { Feedback, Redundancy } from '../control.ts'
import { staticPayloadTypes } from './codecs.ts'
import type { Codec } from './model.ts'
import { NegotiationError } from './negotiation-error.ts'
import { integer, text } from './values.ts'

const highestPayloadType = 127
/** There are no more payload types than this. */
const mostFormats = 128

/** These payload types look like RTCP if the marker bit is set (RFC 5761 §4). */
const looksLikeRtcp = (payloadType: number) => payloadType >= 64 && payloadType <= 95

const feedbacks: readonly Feedback[] = ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb']

interface PayloadMap {
  readonly name: string
  readonly clockRate: number
  readonly channels: number
}

/** The codecs of a section, in its order of preference. `rtx`, and `red` of sound, become a part of the codec that they repeat. */
export function parseCodecs(media: MediaDescription, kind: 'audio' | 'video'): Codec[] {
  const formats = payloadTypes(text(media.payloads) ?? '')
  const maps = parseMaps(media)
  const parameters = parseParameters(media)
  const rtx = retransmissions(formats, maps, parameters)
  const red = kind === 'audio' ? redundancies(formats, maps, parameters) : new Map<number, Redundancy>()
  const offered = parseFeedback(media)
  return formats.flatMap(payloadType => {
    const map = maps.get(payloadType) ?? staticMap(payloadType, kind)
    if (map === undefined || map.name === 'rtx' || (map.name === 'red' && kind === 'audio')) return []
    return {
      payloadType,
      ...map,
      parameters: parameters.get(payloadType) ?? '',
      feedback: feedbacks.filter(way => offered.get(payloadType)?.has(way) || offered.get('*')?.has(way)),
      rtxPayloadType: rtx.get(payloadType),
      ...(red.has(payloadType) && { red: red.get(payloadType) }),
    }
  })
}

function payloadTypes(formats: string): number[] {
  const written = formats.split(' ')
  if (written.length > mostFormats) {
    throw new NegotiationError('too-large', `A section has more than ${mostFormats} payload types.`)
  }
  const numbers = written.flatMap(format => integer(format, 0, highestPayloadType) ?? [])
  return [...new Set(numbers)].filter(number => !looksLikeRtcp(number))
}

function parseMaps(media: MediaDescription): Map<number, PayloadMap> {
  const maps = new Map<number, PayloadMap>()
  for (const { payload, codec, rate, encoding } of media.rtp) {
    const payloadType = integer(payload, 0, highestPayloadType)
    const name = text(codec)?.toLowerCase()
    const clockRate = integer(rate, 1, 1_000_000)
    if (payloadType === undefined || clockRate === undefined || !/^[\w.-]{1,32}$/.test(name ?? '')) continue
    maps.set(payloadType, { name: name ?? '', clockRate, channels: integer(encoding, 1, 255) ?? 1 })
  }
  return maps
}

function staticMap(payloadType: number, kind: 'audio' | 'video'): PayloadMap | undefined {
  const name = staticPayloadTypes[kind][payloadType]
  return name === undefined ? undefined : { name, clockRate: kind === 'audio' ? 8000 : 90_000, channels: 1 }
}

function parseParameters(media: MediaDescription): Map<number, string> {
  const parameters = new Map<number, string>()
  for (const { payload, config } of media.fmtp) {
    const payloadType = integer(payload, 0, highestPayloadType)
    const value = text(config)?.trim() ?? ''
    // Only printable characters, so that it cannot break into a new line of what we write.
    if (payloadType !== undefined && /^[\x20-\x7e]{0,2048}$/.test(value)) parameters.set(payloadType, value)
  }
  return parameters
}

/** For each payload type, that of its retransmissions (`apt`, RFC 4588 §8.6). */
function retransmissions(
  formats: readonly number[],
  maps: ReadonlyMap<number, PayloadMap>,
  parameters: ReadonlyMap<number, string>,
): Map<number, number> {
  const rtx = new Map<number, number>()
  for (const payloadType of formats) {
    if (maps.get(payloadType)?.name !== 'rtx') continue
    const associated = /(?:^|[;\s])apt\s*=\s*(\d{1,3})/.exec(parameters.get(payloadType) ?? '')?.[1]
    const repeats = integer(associated, 0, highestPayloadType)
    if (repeats !== undefined && !rtx.has(repeats)) rtx.set(repeats, payloadType)
  }
  return rtx
}

/** For each payload type, that of RED whose blocks are all of it (RFC 2198 §5), and have its clock. */
function redundancies(
  formats: readonly number[],
  maps: ReadonlyMap<number, PayloadMap>,
  parameters: ReadonlyMap<number, string>,
): Map<number, Redundancy> {
  const red = new Map<number, Redundancy>()
  for (const payloadType of formats) {
    const map = maps.get(payloadType)
    if (map?.name !== 'red') continue
    const [, repeated] = /^(\d{1,3})(?:\/\1)*$/.exec(parameters.get(payloadType) ?? '') ?? []
    const repeats = integer(repeated, 0, highestPayloadType)
    const codec = repeats === undefined ? undefined : maps.get(repeats)
    if (repeats === undefined || codec?.clockRate !== map.clockRate || codec.channels !== map.channels) continue
    const preferred = formats.indexOf(payloadType) < formats.indexOf(repeats)
    if (!red.has(repeats)) red.set(repeats, { payloadType, preferred })
  }
  return red
}

/** Feedback by payload type; `*` stands for all of them. */
function parseFeedback(media: MediaDescription): Map<number | '*', Set<string>> {
  const offered = new Map<number | '*', Set<string>>()
  for (const { payload, type, subtype } of media.rtcpFb ?? []) {
    const of = payload === '*' ? '*' : integer(payload, 0, highestPayloadType)
    if (of === undefined) continue
    const ways = offered.get(of) ?? new Set<string>()
    offered.set(of, ways.add(subtype === undefined ? type : `${type} ${subtype}`))
  }
  return offered
}

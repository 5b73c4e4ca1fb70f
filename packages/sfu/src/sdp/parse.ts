import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform'
import type { Fingerprint, IceCredentials } from '../control.ts'
import type { DataSection, Description, RtpSection, Section, Setup, TransportDescription } from './model.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseCandidates } from './parse-candidates.ts'
import { parseCodecs } from './parse-codecs.ts'
import { parseExtensions, parseGroups, parseMsids, parseRids, parseSimulcast, parseSources } from './parse-streams.ts'
import { integer, text } from './values.ts'

/** No description of a room that people can look at comes near. */
const bounds = { characters: 256 * 1024, lines: 16_384, lineCharacters: 8192, sections: 600 } as const

/** Profiles that mean RTP over DTLS when there is a fingerprint (RFC 9429 §5.1.2). */
const rtpProtocols: readonly string[] = [
  'UDP/TLS/RTP/SAVPF',
  'TCP/DTLS/RTP/SAVPF',
  'UDP/TLS/RTP/SAVP',
  'TCP/DTLS/RTP/SAVP',
  'RTP/SAVPF',
  'RTP/SAVP',
  'RTP/AVPF',
  'RTP/AVP',
]

/** RFC 8841 §4.1, and what came before it. */
const dataProtocols: readonly string[] = ['UDP/DTLS/SCTP', 'TCP/DTLS/SCTP', 'DTLS/SCTP']

const setups: readonly string[] = ['active', 'passive', 'actpass', 'holdconn'] satisfies Setup[]

/** Hashes that are good enough to trust a certificate by, and their bytes (RFC 8122 §5). */
const hashBytes: ReadonlyMap<string, number> = new Map([
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
])

const token = /^[\w!#$%&'*+.^`{|}~-]{1,64}$/

/**
 * Reads a session description. What no section of WebRTC needs is left out; what is left is well-formed and bounded.
 * @throws {NegotiationError} `too-large`, `bad-sdp`, or `not-usable` for media that are neither RTP nor data channels.
 */
export function parseDescription(sdp: string): Description {
  checkSize(sdp)
  const session = parseText(sdp)
  const sections = session.media.map(media => parseSection(session, media))
  const mids = new Set(sections.map(({ mid }) => mid))
  if (mids.size < sections.length) throw new NegotiationError('bad-sdp', 'Two media sections have the same mid.')
  const bundle = session.groups?.find(({ type }) => type === 'BUNDLE')
  return {
    sessionId: text(session.origin?.sessionId) ?? '0',
    sessionVersion: integer(session.origin?.sessionVersion, 0, Number.MAX_SAFE_INTEGER) ?? 0,
    iceLite: session.icelite !== undefined,
    bundle: [...new Set(text(bundle?.mids)?.split(' '))].filter(mid => mids.has(mid)),
    extmapAllowMixed: [session, ...session.media].some(({ extmapAllowMixed }) => extmapAllowMixed !== undefined),
    sections,
  }
}

function checkSize(sdp: string): void {
  if (sdp.length > bounds.characters) throw new NegotiationError('too-large', 'The description is too long.')
  const lines = sdp.split(/\r\n|\r|\n/)
  if (lines.length > bounds.lines) throw new NegotiationError('too-large', 'The description has too many lines.')
  if (lines.some(({ length }) => length > bounds.lineCharacters)) {
    throw new NegotiationError('too-large', 'A line of the description is too long.')
  }
  if (lines.filter(line => line.startsWith('m=')).length > bounds.sections) {
    throw new NegotiationError('too-large', 'The description has too many media sections.')
  }
  if (!/^v=0\s*$/.test(lines[0] ?? '')) throw new NegotiationError('bad-sdp', 'It does not begin with v=0.')
}

function parseText(sdp: string): SessionDescription {
  try {
    return parse(sdp)
  } catch (cause) {
    throw new NegotiationError('bad-sdp', 'It is not a session description.', { cause })
  }
}

function parseSection(session: SessionDescription, media: MediaDescription): Section {
  const { protocol } = media
  const mid = text(media.mid)
  if (mid === undefined || !token.test(mid)) throw new NegotiationError('bad-sdp', 'A media section has no mid.')
  const bundleOnly = media.bundleOnly !== undefined
  const base = { mid, protocol, rejected: media.port === 0 && !bundleOnly, transport: parseTransport(session, media) }
  if ((media.type === 'audio' || media.type === 'video') && rtpProtocols.includes(protocol)) {
    return { ...base, kind: media.type, ...parseRtp(session, media, media.type) }
  }
  if (media.type === 'application' && dataProtocols.includes(protocol)) {
    return { ...base, kind: media.type, ...parseData(media) }
  }
  throw new NegotiationError('not-usable', `Section ${mid} is neither audio, video nor data channels.`)
}

function parseRtp(
  session: SessionDescription,
  media: MediaDescription,
  kind: 'audio' | 'video',
): Omit<RtpSection, 'kind' | 'mid' | 'protocol' | 'rejected' | 'transport'> {
  const direction = media.direction ?? session.direction ?? 'sendrecv'
  return {
    direction,
    rtcpMux: media.rtcpMux !== undefined,
    rtcpReducedSize: media.rtcpRsize !== undefined,
    codecs: parseCodecs(media, kind),
    extensions: parseExtensions([...(session.ext ?? []), ...(media.ext ?? [])], direction),
    sources: parseSources(media),
    groups: parseGroups(media),
    rids: parseRids(media),
    simulcast: parseSimulcast(media),
    msids: parseMsids(media),
  }
}

function parseData(media: MediaDescription): Pick<DataSection, 'sctpPort' | 'maxMessageSize'> {
  return {
    sctpPort: integer(media.sctpPort ?? media.sctpmap?.sctpmapNumber, 0, 65_535),
    maxMessageSize: integer(media.maxMessageSize, 0, Number.MAX_SAFE_INTEGER),
  }
}

function parseTransport(session: SessionDescription, media: MediaDescription): TransportDescription {
  const setup = media.setup ?? session.setup
  return {
    ice: parseIce(text(media.iceUfrag ?? session.iceUfrag), text(media.icePwd ?? session.icePwd)),
    fingerprints: parseFingerprint(media.fingerprint ?? session.fingerprint),
    setup: isSetup(setup) ? setup : undefined,
    candidates: parseCandidates(media.candidates ?? []),
    endOfCandidates: media.endOfCandidates !== undefined,
  }
}

function parseIce(ufrag: string | undefined, password: string | undefined): IceCredentials | undefined {
  if (ufrag === undefined && password === undefined) return undefined
  return iceCredentials(ufrag, password)
}

/** @throws {NegotiationError} `bad-sdp`: too short, too long, or with other characters than RFC 8839 §5.4 allows. */
export function iceCredentials(ufrag: string | undefined, password: string | undefined): IceCredentials {
  if (!/^[\w+/-]{4,256}$/.test(ufrag ?? '') || !/^[\w+/-]{22,256}$/.test(password ?? '')) {
    throw new NegotiationError('bad-sdp', 'The ICE credentials are malformed.')
  }
  return { ufrag: ufrag ?? '', password: password ?? '' }
}

function parseFingerprint(written: MediaDescription['fingerprint']): Fingerprint[] {
  const algorithm = text(written?.type)?.toLowerCase()
  const value = text(written?.hash)?.toUpperCase()
  if (algorithm === undefined || value === undefined) return []
  if (!/^[\dA-F]{2}(?::[\dA-F]{2})*$/.test(value) || (value.length + 1) / 3 !== hashBytes.get(algorithm)) {
    throw new NegotiationError('not-usable', 'The fingerprint is not a SHA-256, SHA-384 or SHA-512.')
  }
  return [{ algorithm, value }]
}

function isSetup(value: string | undefined): value is Setup {
  return value !== undefined && setups.includes(value)
}

import type { Fingerprint } from '@parley/dtls'
import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform'
import type { IceCredentials } from '../control.ts'
import {
  type DataSection,
  type Description,
  isRtp,
  type OtherSection,
  type RtpSection,
  type Section,
  type Setup,
  type TransportDescription,
} from './model.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseCandidates } from './parse-candidates.ts'
import { parseCodecs } from './parse-codecs.ts'
import { parseExtensions, parseGroups, parseMsids, parseRids, parseSimulcast, parseSources } from './parse-streams.ts'
import { type Parts, readLines } from './read-lines.ts'
import { integer, text } from './values.ts'

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

/** As in RFC 8841 §4.1, and as written before it. */
const dataProtocols: readonly string[] = ['UDP/DTLS/SCTP', 'TCP/DTLS/SCTP', 'DTLS/SCTP']

const setups: readonly string[] = ['active', 'passive', 'actpass', 'holdconn'] satisfies Setup[]

/** The hash functions that we trust certificates by (RFC 8122 §5), and the lengths of their hashes in bytes. */
const hashBytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const

const token = /^[\w!#$%&'*+.^`{|}~-]{1,64}$/

/** What is read from the session level, before the sections. */
interface Session {
  readonly description: SessionDescription
  readonly fingerprints: readonly Fingerprint[]
  readonly extensions: NonNullable<MediaDescription['ext']>
  /** The mids of the first BUNDLE group, in its order. */
  readonly bundle: readonly string[]
  /** The mids of all sections. */
  readonly mids: ReadonlySet<string | undefined>
}

/** Certificates have few hashes, and each line costs time. */
const mostFingerprints = 16
/** How many header extensions a section, or the session, may list. */
const mostExtensions = 64

/**
 * Reads a session description (RFC 8866) into the model. What WebRTC has no use for is left out; what is kept is well-formed and of
 * limited size. All sections of a bundle get the transport of the tagged section (RFC 9143 §7.1.3).
 * @throws {NegotiationError} `too-large`, `bad-sdp`, or `not-usable` where a section in use has no fingerprint to trust.
 */
export function parseDescription(sdp: string): Description {
  const parts = readLines(sdp)
  const description = parseText(parts)
  const [sessionLines, ...sectionLines] = parts
  const bundle = text(description.groups?.find(({ type }) => type === 'BUNDLE')?.mids)?.split(' ') ?? []
  const extensions = capped(description.ext, 'The session')
  const fingerprints = parseFingerprints(sessionLines, true)
  const mids = new Set(description.media.map(({ mid }) => text(mid)))
  const session: Session = { description, fingerprints, extensions, bundle, mids }
  const own = description.media.map((media, index) => parseSection(session, media, sectionLines[index] ?? [], index))
  const named = new Set(own.filter(({ unnamed }) => !unnamed).map(({ mid }) => mid))
  if (new Set(own.map(({ mid }) => mid)).size < own.length) {
    throw new NegotiationError('bad-sdp', 'Two media sections have the same mid.')
  }
  const bundled = [...new Set(bundle)].filter(mid => named.has(mid))
  return {
    sessionId: text(description.origin?.sessionId) ?? '0',
    sessionVersion: integer(description.origin?.sessionVersion, 0, Number.MAX_SAFE_INTEGER) ?? 0,
    iceLite: description.icelite !== undefined,
    bundle: bundled,
    extmapAllowMixed: [description, ...description.media].some(
      ({ extmapAllowMixed }) => extmapAllowMixed !== undefined,
    ),
    sections: shareTransport(own, bundled),
  }
}

function parseText(parts: Parts): SessionDescription {
  try {
    return parse(parts.flat().join('\r\n'))
  } catch (cause) {
    throw new NegotiationError('bad-sdp', 'It is not a session description.', { cause })
  }
}

function parseSection(session: Session, media: MediaDescription, lines: readonly string[], index: number): Section {
  const mid = text(media.mid)
  if (mid !== undefined && !token.test(mid))
    throw new NegotiationError('bad-sdp', 'The mid of a section is not a token of up to 64 characters.')
  const name = mid === undefined ? { mid: standIn(session.mids, index), unnamed: true as const } : { mid }
  const protocol = text(media.protocol) ?? ''
  const bundleOnly = media.bundleOnly !== undefined
  const rejected = media.port === 0 && !bundleOnly
  if ((media.type === 'audio' || media.type === 'video') && rtpProtocols.includes(protocol)) {
    const transport = parseTransport(session, media, lines, rejected)
    const bundled = session.bundle.includes(name.mid)
    return {
      ...name,
      protocol,
      rejected,
      transport,
      kind: media.type,
      ...parseRtp(session, media, media.type, bundled),
    }
  }
  if (media.type === 'application' && dataProtocols.includes(protocol)) {
    const transport = parseTransport(session, media, lines, rejected)
    return { ...name, protocol, rejected, transport, kind: media.type, ...parseData(media) }
  }
  return { ...name, rejected: true, transport: noTransport, ...parseOther(media, protocol), wanted: !rejected }
}

/** A mid for a section without one, which no other section has. */
function standIn(mids: ReadonlySet<string | undefined>, index: number): string {
  let name = `unnamed-${index}`
  while (mids.has(name)) name += '-'
  return name
}

/** What is written in the m-line, which the answer has to repeat. */
function parseOther(
  media: MediaDescription,
  protocol: string,
): Pick<OtherSection, 'kind' | 'media' | 'protocol' | 'formats'> {
  const { type } = media
  if (!/^[\w-]{1,32}$/.test(type ?? '') || !/^[\w/.-]{1,32}$/.test(protocol)) {
    throw new NegotiationError('bad-sdp', 'A media line cannot be read.')
  }
  return { kind: 'other', media: type, protocol, formats: formatsOf(media) ?? '0' }
}

/** The formats of an m-line as written there, which an answer that rejects it repeats (RFC 3264 §6). */
function formatsOf({ payloads }: MediaDescription): string | undefined {
  const formats = text(payloads)?.trim() ?? ''
  return /^[\w*.+-]+(?: [\w*.+-]+)*$/.test(formats) ? formats : undefined
}

/** Gives each section of a bundle the ICE credentials, fingerprints and DTLS role of the first section that has them. */
function shareTransport(sections: readonly Section[], bundle: readonly string[]): Section[] {
  const inBundle = bundle.flatMap(mid => sections.find(section => section.mid === mid) ?? [])
  const candidates = [...inBundle.filter(({ rejected }) => !rejected), ...inBundle.filter(({ rejected }) => rejected)]
  const tagged = candidates.find(({ transport }) => transport.ice && transport.fingerprints.length > 0)?.transport
  const rtcpReducedSize = inBundle.find(isRtp)?.rtcpReducedSize ?? false
  return sections.map(section => {
    if (!tagged || section.kind === 'other' || !bundle.includes(section.mid)) return section
    const { ice, fingerprints, setup } = tagged
    const shared = { ...section, transport: { ...section.transport, ice, fingerprints, setup } }
    return isRtp(shared) ? { ...shared, rtcpReducedSize: shared.rtcpReducedSize || rtcpReducedSize } : shared
  })
}

function parseRtp(
  { description, extensions }: Session,
  media: MediaDescription,
  kind: 'audio' | 'video',
  bundled: boolean,
): Omit<RtpSection, 'kind' | 'mid' | 'protocol' | 'rejected' | 'transport'> {
  const direction = media.direction ?? description.direction ?? 'sendrecv'
  return {
    direction,
    // A bundled section multiplexes RTCP, whether it says so or leaves that to the tagged section (RFC 9143 §9.3).
    rtcpMux: bundled || media.rtcpMux !== undefined,
    rtcpReducedSize: media.rtcpRsize !== undefined,
    codecs: parseCodecs(media, kind),
    extensions: parseExtensions([...extensions, ...capped(media.ext, 'A section')], direction),
    sources: parseSources(media),
    groups: parseGroups(media),
    rids: parseRids(media),
    simulcast: parseSimulcast(media),
    msids: parseMsids(media),
  }
}

function parseData(media: MediaDescription): Pick<DataSection, 'formats' | 'sctpPort' | 'maxMessageSize'> {
  return {
    formats: formatsOf(media) ?? 'webrtc-datachannel',
    sctpPort: integer(media.sctpPort ?? media.sctpmap?.sctpmapNumber, 0, 65_535),
    maxMessageSize: integer(media.maxMessageSize, 0, Number.MAX_SAFE_INTEGER),
  }
}

/** @param rejected The section is not used, so its transport may be malformed. */
function parseTransport(
  { description, fingerprints }: Session,
  media: MediaDescription,
  lines: readonly string[],
  rejected: boolean,
): TransportDescription {
  const setup = media.setup ?? description.setup
  const own = parseFingerprints(lines, rejected)
  return {
    ice: parseIce(text(media.iceUfrag ?? description.iceUfrag), text(media.icePwd ?? description.icePwd), rejected),
    fingerprints: own.length > 0 ? own : fingerprints,
    setup: isSetup(setup) ? setup : undefined,
    candidates: parseCandidates(media.candidates ?? []),
    endOfCandidates: media.endOfCandidates !== undefined,
  }
}

function parseIce(
  ufrag: string | undefined,
  password: string | undefined,
  rejected: boolean,
): IceCredentials | undefined {
  if (rejected && !(isUfrag(ufrag) && isPassword(password))) return undefined
  if (ufrag === undefined && password === undefined) return undefined
  return iceCredentials(ufrag, password)
}

/**
 * Checks ICE credentials (RFC 8839 §5.4). Besides the characters allowed there, all of Base64 and its form for URLs are
 * accepted, because some clients use them.
 * @throws {NegotiationError} `bad-sdp`
 */
export function iceCredentials(ufrag: string | undefined, password: string | undefined): IceCredentials {
  if (!isUfrag(ufrag) || !isPassword(password)) {
    throw new NegotiationError('bad-sdp', 'The ICE credentials are malformed.')
  }
  return { ufrag, password }
}

function isUfrag(value: string | undefined): value is string {
  return /^[\w+/=-]{4,256}$/.test(value ?? '')
}

function isPassword(value: string | undefined): value is string {
  return /^[\w+/=-]{22,256}$/.test(value ?? '')
}

/**
 * Reads all fingerprints (RFC 8122 §5). Hash functions that we do not trust are ignored, as long as there is one that we do.
 * @param optional There need not be one that we trust.
 */
function parseFingerprints(lines: readonly string[], optional: boolean): Fingerprint[] {
  const written = lines.filter(line => line.startsWith('a=fingerprint:')).slice(0, mostFingerprints)
  const trusted = new Map<string, Fingerprint>()
  for (const line of written) {
    const [, algorithm = '', value = ''] = /^a=fingerprint:\s*(\S+)\s+(\S+)$/.exec(line) ?? []
    const hash = algorithm.toLowerCase()
    if (!isTrusted(hash) || !/^[\dA-F]{2}(?::[\dA-F]{2})*$/i.test(value)) continue
    if ((value.length + 1) / 3 !== hashBytes[hash]) continue
    const fingerprint = { algorithm: hash, value: value.toUpperCase() }
    trusted.set(`${hash} ${fingerprint.value}`, fingerprint)
  }
  if (written.length > 0 && trusted.size === 0 && !optional) {
    throw new NegotiationError('not-usable', 'No fingerprint is a SHA-256, SHA-384 or SHA-512.')
  }
  return [...trusted.values()]
}

function isTrusted(hash: string): hash is Fingerprint['algorithm'] {
  return Object.hasOwn(hashBytes, hash)
}

function capped(extensions: MediaDescription['ext'], whose: string): NonNullable<MediaDescription['ext']> {
  if (extensions !== undefined && extensions.length > mostExtensions) {
    throw new NegotiationError('too-large', `${whose} has more than ${mostExtensions} header extensions.`)
  }
  return extensions ?? []
}

const noTransport: TransportDescription = {
  ice: undefined,
  fingerprints: [],
  setup: undefined,
  candidates: [],
  endOfCandidates: false,
}

function isSetup(value: string | undefined): value is Setup {
  return value !== undefined && setups.includes(value)
}

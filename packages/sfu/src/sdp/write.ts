import { type MediaDescription, type SessionDescription, write } from 'sdp-transform'
import { codecLabel } from './codecs.ts'
import type { Codec, DataSection, Description, RtpSection, Section, TransportDescription } from './model.ts'

/** A dummy address: the real ones are in the candidates (RFC 9429 §5.2.1). */
const nowhere = { version: 4, ip: '0.0.0.0' } as const
const discardPort = 9

/** Writes a session description (RFC 8866) from the model. */
export function writeDescription(description: Description): string {
  const { sessionId, sessionVersion, bundle, sections } = description
  const [fingerprint] = sections.find(({ rejected }) => !rejected)?.transport.fingerprints ?? []
  const session: SessionDescription = {
    version: 0,
    origin: { username: '-', sessionId, sessionVersion, netType: 'IN', ipVer: 4, address: '127.0.0.1' },
    name: '-',
    timing: { start: 0, stop: 0 },
    ...(description.iceLite ? { icelite: 'ice-lite' } : {}),
    // RFC 8839 §5.6, RFC 8840 §4.1. We do not need the candidates that a peer trickles, but they do no harm.
    iceOptions: 'trickle ice2',
    ...(fingerprint ? { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } } : {}),
    ...(bundle.length > 0 ? { groups: [{ type: 'BUNDLE', mids: bundle.join(' ') }] } : {}),
    ...(description.extmapAllowMixed ? { extmapAllowMixed: 'extmap-allow-mixed' } : {}),
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: sections.map(section => writeSection(section, fingerprint?.value)),
  }
  return write(session)
}

function writeSection(section: Section, shared: string | undefined): MediaDescription {
  const { kind, protocol, rejected, mid, unnamed } = section
  const type = kind === 'other' ? section.media : kind
  const name = unnamed ? {} : { mid }
  const common = { type, port: rejected ? 0 : discardPort, protocol, connection: nowhere, ...name }
  if (rejected || kind === 'other')
    return { ...common, payloads: rejectedFormats(section), rtp: [], fmtp: [], direction: 'inactive' }
  const transport = writeTransport(section.transport, shared)
  return kind === 'application'
    ? { ...common, ...transport, ...writeData(section) }
    : { ...common, ...transport, ...writeRtp(section) }
}

/** An m-line must list formats, even where they mean nothing. */
function rejectedFormats(section: Section): string {
  if (section.kind === 'application' || section.kind === 'other') return section.formats
  return payloadTypes(section.codecs).join(' ') || '0'
}

function writeData({
  formats,
  sctpPort,
  maxMessageSize,
}: DataSection): Pick<MediaDescription, 'payloads' | 'rtp' | 'fmtp'> {
  return {
    payloads: formats,
    rtp: [],
    fmtp: [],
    ...(sctpPort === undefined ? {} : { sctpPort }),
    ...(maxMessageSize === undefined ? {} : { maxMessageSize }),
  }
}

function writeTransport(transport: TransportDescription, shared: string | undefined): Partial<MediaDescription> {
  const { ice, setup, candidates, endOfCandidates } = transport
  const [fingerprint] = transport.fingerprints
  return {
    ...(ice ? { iceUfrag: ice.ufrag, icePwd: ice.password } : {}),
    ...(fingerprint && fingerprint.value !== shared
      ? { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } }
      : {}),
    ...(setup ? { setup } : {}),
    ...(candidates.length > 0
      ? {
          candidates: candidates.map(({ protocol, related, tcpType, ...candidate }) => ({
            ...candidate,
            transport: protocol,
            ...(related ? { raddr: related.ip, rport: related.port } : {}),
            ...(tcpType ? { tcptype: tcpType } : {}),
          })),
        }
      : {}),
    ...(endOfCandidates ? { endOfCandidates: 'end-of-candidates' } : {}),
  }
}

function writeRtp(section: RtpSection): Omit<MediaDescription, 'type' | 'port' | 'protocol'> {
  const { codecs, extensions, sources, groups, rids, simulcast } = section
  const [first, second] = simulcast.map(({ direction, streams }) => ({
    direction,
    list: streams.map(({ rid, paused }) => `${paused ? '~' : ''}${rid}`).join(';'),
  }))
  return {
    payloads: payloadTypes(codecs).join(' '),
    rtp: codecs.flatMap(writeMaps),
    fmtp: codecs.flatMap(writeParameters),
    rtcpFb: codecs.flatMap(({ payloadType, feedback }) =>
      feedback.map(way => {
        const [type = way, subtype] = way.split(' ')
        return { payload: payloadType, type, ...(subtype === undefined ? {} : { subtype }) }
      }),
    ),
    direction: section.direction,
    ...(section.rtcpMux ? { rtcpMux: 'rtcp-mux' } : {}),
    // Only in offers (RFC 8858 §4), which are what has `actpass`.
    ...(section.rtcpMux && section.transport.setup === 'actpass' ? { invalid: [{ value: 'rtcp-mux-only' }] } : {}),
    ...(section.rtcpReducedSize ? { rtcpRsize: 'rtcp-rsize' } : {}),
    ext: Object.entries(extensions).map(([uri, value]) => ({ value, uri })),
    msid: section.msids.map(({ stream, track }) => ({ id: stream, appdata: track ?? '' })),
    ssrcs: sources.map(({ ssrc, cname }) => ({ id: ssrc, attribute: 'cname', value: cname ?? '-' })),
    ssrcGroups: groups.map(({ semantics, ssrcs }) => ({ semantics, ssrcs: ssrcs.join(' ') })),
    rids: rids.map(({ id, direction }) => ({ id, direction })),
    ...(first
      ? {
          simulcast: {
            dir1: first.direction,
            list1: first.list,
            ...(second ? { dir2: second.direction, list2: second.list } : {}),
          },
        }
      : {}),
  }
}

function payloadTypes(codecs: readonly Codec[]): number[] {
  return codecs.flatMap(({ payloadType, rtxPayloadType, red }) => {
    const own = rtxPayloadType === undefined ? [payloadType] : [payloadType, rtxPayloadType]
    if (!red) return own
    return red.preferred ? [red.payloadType, ...own] : [...own, red.payloadType]
  })
}

function writeMaps({ payloadType, rtxPayloadType, red, name, clockRate, channels }: Codec): MediaDescription['rtp'] {
  const format = { rate: clockRate, ...(channels > 1 ? { encoding: channels } : {}) }
  return [
    { payload: payloadType, codec: codecLabel(name) ?? name, ...format },
    ...(rtxPayloadType === undefined ? [] : [{ payload: rtxPayloadType, codec: 'rtx', rate: clockRate }]),
    ...(red ? [{ payload: red.payloadType, codec: 'red', ...format }] : []),
  ]
}

function writeParameters({ payloadType, rtxPayloadType, red, parameters }: Codec): MediaDescription['fmtp'] {
  return [
    ...(parameters === '' ? [] : [{ payload: payloadType, config: parameters }]),
    ...(rtxPayloadType === undefined ? [] : [{ payload: rtxPayloadType, config: `apt=${payloadType}` }]),
    ...(red ? [{ payload: red.payloadType, config: `${payloadType}/${payloadType}` }] : []),
  ]
}

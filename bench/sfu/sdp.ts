import type { Fingerprint } from '@parley/dtls'
import type { IceCredentials } from '@parley/sfu'

/** One end of a connection, as its description has it. */
export interface End {
  readonly ice: IceCredentials
  readonly fingerprint: Fingerprint
}

/** The other end, and where it is. */
export interface RemoteEnd extends End {
  readonly host: string
  readonly port: number
  /** The DTLS role that is left for us. */
  readonly role: 'client' | 'server'
  /** It controls ICE. */
  readonly controls: boolean
  /** The header extension of transport-wide sequence numbers, if they were agreed on. */
  readonly transportSequenceNumber: number | undefined
}

export const payloadType = 96
/** Identifiers of header extensions (RFC 8285). */
export const extensionIds = { mid: 4, transportSequenceNumber: 3 } as const

const codec = [
  `a=rtpmap:${payloadType} VP8/90000`,
  ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(kind => `a=rtcp-fb:${payloadType} ${kind}`),
  'a=rtpmap:97 rtx/90000',
  `a=fmtp:97 apt=${payloadType}`,
]
const extensions = [
  `a=extmap:${extensionIds.mid} urn:ietf:params:rtp-hdrext:sdes:mid`,
  `a=extmap:${extensionIds.transportSequenceNumber} http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01`,
]

/** Offers to send VP8 with what browsers negotiate for it: NACK, PLI, RTX, transport-cc. */
export function sendingOffer(end: End, ssrc: number): string {
  const rtx = ssrc + 1
  const sources = [ssrc, rtx].map(source => `a=ssrc:${source} cname:bench`)
  const media = ['a=msid:bench picture', `a=ssrc-group:FID ${ssrc} ${rtx}`, ...sources]
  return description(end, 'sendonly', 'active', [...extensions, ...codec, ...media])
}

/** Offers to receive VP8. */
export function receivingOffer(end: End): string {
  return description(end, 'recvonly', 'active', [...extensions, ...codec])
}

/** Answers an offer of one video track, with the payload types and extensions of the offer. */
export function receivingAnswer(end: End, offer: string): string {
  const kept = offer.split(/\r?\n/).filter(line => /^a=(rtpmap|fmtp|rtcp-fb|extmap):/.test(line))
  return description(end, 'recvonly', 'active', kept, offer)
}

function description({ ice, fingerprint }: End, direction: string, setup: string, media: string[], to?: string) {
  const mid = to?.match(/^a=mid:(\S+)/m)?.[1] ?? '0'
  const types = to?.match(/^m=video \d+ \S+ (.*?)\r?$/m)?.[1] ?? `${payloadType} 97`
  const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mid}`]
  const section = [`m=video 9 UDP/TLS/RTP/SAVPF ${types}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, `a=${direction}`]
  const security = [`a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`, `a=setup:${setup}`]
  const transport = [`a=ice-ufrag:${ice.ufrag}`, `a=ice-pwd:${ice.password}`, ...security, 'a=rtcp-mux']
  return [...session, ...section, ...transport, ...media, ''].join('\r\n')
}

/** Reads from an offer or answer where the other end is. */
export function remoteEnd(sdp: string, controls = false): RemoteEnd {
  const find = (pattern: RegExp) => {
    const found = pattern.exec(sdp)
    if (!found) throw new Error(`nothing like ${pattern} in ${sdp}`)
    return found
  }
  const [, host = '', port] = find(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im)
  const numbers = /^a=extmap:(\d+)\S* \S+transport-wide-cc-extensions-01/m.exec(sdp)?.[1]
  const [, value = ''] = find(/^a=fingerprint:sha-256 (\S+)/m)
  return {
    ice: { ufrag: find(/^a=ice-ufrag:(\S+)/m)[1] ?? '', password: find(/^a=ice-pwd:(\S+)/m)[1] ?? '' },
    fingerprint: { algorithm: 'sha-256', value },
    host,
    port: Number(port),
    role: find(/^a=setup:(\w+)/m)[1] === 'active' ? 'server' : 'client',
    controls,
    transportSequenceNumber: numbers === undefined ? undefined : Number(numbers),
  }
}

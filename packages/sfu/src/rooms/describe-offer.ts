import type { Section, TransportDescription } from '../sdp/model.ts'
import { noTransport } from './local-transport.ts'
import type { OfferedSection } from './offered-section.ts'

const protocol = 'UDP/TLS/RTP/SAVPF'

/** A section of a subscribe offer. Its stream names what it carries, and publications in sync share a stream. */
export function describeOffered(section: OfferedSection, transport: TransportDescription): Section {
  const { mid, kind, state, codecs, extensions, publication, cname } = section
  const base = {
    mid,
    kind,
    protocol,
    rejected: state === 'dead',
    transport: state === 'dead' ? noTransport : transport,
  }
  const empty = {
    codecs,
    extensions,
    rtcpMux: true,
    rtcpReducedSize: true,
    sources: [],
    groups: [],
    rids: [],
    simulcast: [],
    msids: [],
  }
  if (!publication) return { ...base, ...empty, direction: 'inactive' }
  return { ...base, ...empty, direction: 'sendonly', ...describeSources(section, cname, publication.track) }
}

/** The sources and streams of what we send. Browsers synchronise tracks with the same first stream. */
export function describeSources(
  { ssrc, rtxSsrc }: { readonly ssrc: number; readonly rtxSsrc: number | undefined },
  cname: string,
  track: string,
) {
  const ssrcs = rtxSsrc === undefined ? [ssrc] : [ssrc, rtxSsrc]
  return {
    sources: ssrcs.map(source => ({ ssrc: source, cname })),
    groups: rtxSsrc === undefined ? [] : [{ semantics: 'FID', ssrcs }],
    msids: [
      { stream: cname, track },
      { stream: track, track },
    ],
  }
}

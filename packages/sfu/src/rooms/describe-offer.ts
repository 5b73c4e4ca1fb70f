import type { Section, TransportDescription } from '../sdp/model.ts'
import { noTransport } from './local-transport.ts'
import type { OfferedSection } from './offered-section.ts'

const protocol = 'UDP/TLS/RTP/SAVPF'

/** A section of a subscribe offer. What it carries is named by its stream, and grouped for lip-sync by its publisher. */
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

/** Sources and streams of what is sent to a client: browsers keep in sync what has the same first stream. */
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

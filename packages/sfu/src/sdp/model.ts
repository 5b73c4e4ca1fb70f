import type { Fingerprint } from '@parley/dtls'
import type { ExtensionIds, IceCredentials, PublishedCodec } from '../control.ts'

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** Who opens the DTLS connection (RFC 8842 §5). */
export type Setup = 'active' | 'passive' | 'actpass' | 'holdconn'

/** A payload type. Retransmissions (RFC 4588) are part of the codec that they repeat. */
export type Codec = PublishedCodec

/** An ICE candidate (RFC 8839 §5.1). */
export interface Candidate {
  readonly foundation: string
  readonly component: number
  readonly protocol: 'udp' | 'tcp'
  readonly priority: number
  readonly ip: string
  readonly port: number
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay'
  readonly related: { readonly ip: string; readonly port: number } | undefined
  readonly tcpType: 'active' | 'passive' | 'so' | undefined
}

/** What a section says about ICE and DTLS, including what the session level says for all sections. */
export interface TransportDescription {
  readonly ice: IceCredentials | undefined
  readonly fingerprints: readonly Fingerprint[]
  readonly setup: Setup | undefined
  readonly candidates: readonly Candidate[]
  readonly endOfCandidates: boolean
}

/** A synchronization source (RFC 5576 §4.1). */
export interface Source {
  readonly ssrc: number
  readonly cname: string | undefined
}

/** A group of sources: `FID` is a source and its retransmissions, `SIM` the layers of simulcast (RFC 5576 §4.2). */
export interface SourceGroup {
  readonly semantics: string
  readonly ssrcs: readonly number[]
}

/** A restriction identifier (RFC 8851). The restrictions themselves are not kept. */
export interface Rid {
  readonly id: string
  readonly direction: 'send' | 'recv'
}

/** Simulcast (RFC 8853 §5.1). Of alternatives, only the first is kept. */
export interface Simulcast {
  readonly direction: 'send' | 'recv'
  readonly streams: readonly { readonly rid: string; readonly paused: boolean }[]
}

/** A stream, and the track in it (RFC 8830). A track in several streams has several. */
export interface Msid {
  readonly stream: string
  readonly track: string | undefined
}

interface SectionBase {
  /** Its own mid or, if it has none, one made up for its position. */
  readonly mid: string
  /** The section has no mid, so the answer must not give it one (RFC 5888 §9.1). */
  readonly unnamed?: true
  readonly protocol: string
  /** The port is zero, and not because the section is bundle-only (RFC 9429 §5.2.1). */
  readonly rejected: boolean
  readonly transport: TransportDescription
}

export interface RtpSection extends SectionBase {
  readonly kind: 'audio' | 'video'
  readonly direction: Direction
  readonly rtcpMux: boolean
  /** RFC 5506 */
  readonly rtcpReducedSize: boolean
  /** In order of preference. */
  readonly codecs: readonly Codec[]
  readonly extensions: ExtensionIds
  readonly sources: readonly Source[]
  readonly groups: readonly SourceGroup[]
  readonly rids: readonly Rid[]
  readonly simulcast: readonly Simulcast[]
  readonly msids: readonly Msid[]
}

/** Data channels (RFC 8841). */
export interface DataSection extends SectionBase {
  readonly kind: 'application'
  /** `webrtc-datachannel`, or what was written before RFC 8841. */
  readonly formats: string
  readonly sctpPort: number | undefined
  readonly maxMessageSize: number | undefined
}

/** Any other section: text, floor control, RTP without DTLS. It is always rejected, in its position (RFC 3264 §6). */
export interface OtherSection extends SectionBase {
  readonly kind: 'other'
  /** As written in the m-line. */
  readonly media: string
  readonly formats: string
  /** The other side wants it: its port is not zero. */
  readonly wanted: boolean
}

export type Section = RtpSection | DataSection | OtherSection

/** A session description as WebRTC uses it (RFC 8866, RFC 9429). */
export interface Description {
  readonly sessionId: string
  readonly sessionVersion: number
  readonly iceLite: boolean
  /** The mids of the first BUNDLE group (RFC 9143). */
  readonly bundle: readonly string[]
  readonly extmapAllowMixed: boolean
  readonly sections: readonly Section[]
}

/** Whether a section is RTP over DTLS, which we can take. */
export function isRtp(section: Section): section is RtpSection {
  return section.kind === 'audio' || section.kind === 'video'
}

import type { Fingerprint } from '@parley/dtls'
import type { NetworkQuality } from '@parley/protocol'

/**
 * What the rooms (which negotiate) tell a media worker (which forwards), and hear from it: plain data, since it crosses to
 * a thread. Whoever opens chooses the number; numbers are never used twice while the worker lives.
 */

/** RFC 8839 §5.4 */
export interface IceCredentials {
  readonly ufrag: string
  readonly password: string
}

/** The other end of a transport, once its description is known. */
export interface RemoteTransport {
  readonly ice: IceCredentials
  readonly fingerprints: readonly Fingerprint[]
}

/** RTCP feedback that was agreed for a codec (RFC 4585 §4.2, RFC 5104 §7.1). */
export type Feedback = 'nack' | 'nack pli' | 'ccm fir' | 'transport-cc' | 'goog-remb'

/** RED (RFC 2198): a payload type whose packets repeat what came before in the codec that it belongs to. */
export interface Redundancy {
  readonly payloadType: number
  /** It is listed before its codec: who sends prefers it. */
  readonly preferred: boolean
}

/** A payload type as a publisher sends it. */
export interface PublishedCodec {
  readonly payloadType: number
  /** In lower case: `vp8`, `opus`. */
  readonly name: string
  readonly clockRate: number
  readonly channels: number
  /** The `fmtp` parameters as written; empty: none. */
  readonly parameters: string
  readonly feedback: readonly Feedback[]
  /** Of its retransmissions (RFC 4588); undefined: there are none. */
  readonly rtxPayloadType: number | undefined
  readonly red?: Redundancy | undefined
}

/** One of the streams of a published track: the only one, or a layer of simulcast. Found by its SSRC, its rid, or the mid. */
export interface Encoding {
  readonly rid: string | undefined
  readonly ssrc: number | undefined
  readonly rtxSsrc: number | undefined
}

/** Identifiers of header extensions by URI (RFC 8285 §5). */
export type ExtensionIds = Readonly<Record<string, number>>

export interface PublishedMedia {
  readonly kind: 'audio' | 'video'
  readonly mid: string
  readonly encodings: readonly Encoding[]
  readonly codecs: readonly PublishedCodec[]
  readonly extensions: ExtensionIds
}

/** How a published payload type is called where it is forwarded to. */
export interface PayloadTypeMapping {
  readonly from: number
  readonly to: number
  readonly rtx: number | undefined
  /** RED, which the subscriber takes in place of {@link to} where its link loses packets; undefined: it takes none. */
  readonly red?: number | undefined
}

export interface SubscribedMedia {
  readonly mid: string
  readonly ssrc: number
  readonly rtxSsrc: number | undefined
  /** Of the SDES that goes with the sender reports; tracks with the same one are in sync (RFC 3550 §6.5.1). */
  readonly cname: string
  /** Packets of other payload types are not forwarded. */
  readonly payloadTypes: readonly PayloadTypeMapping[]
  readonly extensions: ExtensionIds
  readonly feedback: readonly Feedback[]
}

/** What a subscriber makes of a publication at the moment. */
export interface Want {
  /** Nothing is sent until it is wanted again. */
  readonly paused: boolean
  /** Most pixels (width × height) that are of use; undefined: all. */
  readonly pixels: number | undefined
  /** Whose layers are kept longest when not everything fits. */
  readonly priority: 'low' | 'normal' | 'high'
  /** At most these layers, counted from 0, whatever would fit; undefined: as fits. */
  readonly layer: { readonly spatial: number | undefined; readonly temporal: number | undefined } | undefined
}

/** Everything there is, as for somebody who has said nothing. */
export const wantAll: Want = { paused: false, pixels: undefined, priority: 'normal', layer: undefined }

export type ToMedia =
  | {
      readonly is: 'open'
      readonly transport: number
      readonly local: IceCredentials
      /** DTLS; a lite agent is the server unless told otherwise (RFC 8842 §5). */
      readonly role: 'server' | 'client'
      readonly remote: RemoteTransport | undefined
    }
  /** The answer came, or new credentials after a restart of ICE. */
  | { readonly is: 'remote'; readonly transport: number; readonly remote: RemoteTransport }
  /** New local credentials; the old ones stay good until the first nomination with the new (RFC 8445 §9). */
  | { readonly is: 'restart'; readonly transport: number; readonly local: IceCredentials }
  | { readonly is: 'close'; readonly transport: number }
  | { readonly is: 'publish'; readonly publication: number; readonly transport: number; readonly media: PublishedMedia }
  /** What was agreed has changed: payload types, SSRCs, extensions. */
  | { readonly is: 'republish'; readonly publication: number; readonly media: PublishedMedia }
  | { readonly is: 'unpublish'; readonly publication: number }
  /** Whether it is a voice, and of which group one is the speaker. Groups are numbers that whoever opens has chosen. */
  | { readonly is: 'voice'; readonly publication: number; readonly group: number | undefined }
  | {
      readonly is: 'subscribe'
      readonly subscription: number
      readonly transport: number
      readonly publication: number
      readonly media: SubscribedMedia
      readonly want: Want
    }
  | { readonly is: 'resubscribe'; readonly subscription: number; readonly media: SubscribedMedia }
  | { readonly is: 'want'; readonly subscription: number; readonly want: Want }
  | { readonly is: 'unsubscribe'; readonly subscription: number }
  /** A publication is handed on to another worker, until `unpipe` or its end. Workers are numbered as the rooms number them. */
  | { readonly is: 'pipe'; readonly pipe: number; readonly publication: number; readonly to: number }
  | { readonly is: 'unpipe'; readonly pipe: number }
  /** The other end: from now on the publication is here too, as if it were published here. Ends with `unpublish`. */
  | {
      readonly is: 'piped'
      readonly pipe: number
      readonly publication: number
      readonly from: number
      readonly media: PublishedMedia
    }

export type TransportState = 'connected' | 'disconnected' | 'failed' | 'closed'

export type FromMedia =
  /** `disconnected`: nothing came from it for a while (RFC 7675), or it never connected; may come back. `failed`, `closed`: will not. */
  | {
      readonly is: 'transport'
      readonly transport: number
      readonly state: TransportState
      readonly why: string | undefined
    }
  /** A peer sends more than it may, and the rest is dropped; said once. */
  | { readonly is: 'excess'; readonly transport: number }
  /** Packets of a publication have begun to arrive (again), in this codec; or have stopped. */
  | {
      readonly is: 'publication'
      readonly publication: number
      readonly active: boolean
      readonly codec: string | undefined
    }
  /**
   * Which of a publication's encodings anybody wants at the moment, in the order of {@link PublishedMedia.encodings}; whenever
   * that changes. Until the first, everything is wanted.
   */
  | { readonly is: 'demand'; readonly publication: number; readonly layers: readonly boolean[] }
  /** How well media get through from and to a transport's peer; whenever that changes. */
  | { readonly is: 'quality'; readonly transport: number; readonly quality: NetworkQuality }
  /** Of a group's voices: the speaker, then those before, the latest first; and who is heard now. Whenever that changes. */
  | {
      readonly is: 'speakers'
      readonly group: number
      readonly publications: readonly number[]
      readonly speaking: readonly number[]
    }

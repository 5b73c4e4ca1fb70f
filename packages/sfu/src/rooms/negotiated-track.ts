import type { PublishedMedia, Want } from '../control.ts'

/** A track that a participant sends, as it was negotiated. */
export interface NegotiatedTrack {
  /** Its number on the worker. */
  readonly number: number
  readonly participant: string
  readonly track: string
  media: PublishedMedia
}

/** A publication that a client is sent. */
export interface Received {
  readonly publication: NegotiatedTrack
  /** Its number on the worker. */
  readonly subscription: number
  readonly want: Want
}

/** A publication that a client is to be sent. */
export interface Wanted {
  readonly publication: NegotiatedTrack
  readonly want: Want
  /** Publications in sync share a name (RFC 3550 §6.5.1). */
  readonly cname: string
  /** Its payloads are encrypted end to end: no RED is made of them. */
  readonly encrypted: boolean
  /** Its packets are arriving. */
  readonly flows: boolean
}

import type { PublishedMedia } from '../control.ts'

/** A track that a participant sends, as negotiated. */
export interface Publication {
  /** On its worker. */
  readonly number: number
  readonly participant: string
  readonly track: string
  /** Of its publisher; what is in sync has the same (RFC 3550 §6.5.1). */
  readonly cname: string
  media: PublishedMedia
}

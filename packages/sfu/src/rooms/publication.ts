import type { PublishedMedia } from '../control.ts'

/** A track that a participant sends, as it was negotiated. */
export interface Publication {
  /** Its number on the worker. */
  readonly number: number
  readonly participant: string
  readonly track: string
  media: PublishedMedia
}

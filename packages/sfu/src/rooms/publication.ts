import type { PublishedMedia } from '../control.ts'

/** A track that a participant sends, as negotiated. */
export interface Publication {
  /** On its worker. */
  readonly number: number
  readonly participant: string
  readonly track: string
  media: PublishedMedia
}

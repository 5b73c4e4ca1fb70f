import type { Publication } from './publication.ts'

/** A publication that a client is sent. */
export interface Received {
  readonly publication: Publication
  readonly paused: boolean
}

/** A publication that a client is to be sent. */
export interface Wanted extends Received {
  /** Publications in sync share a name (RFC 3550 §6.5.1). */
  readonly cname: string
  /** Its packets are arriving. */
  readonly flows: boolean
}

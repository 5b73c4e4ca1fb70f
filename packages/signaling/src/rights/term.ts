import { AppError } from '@parley/protocol'

/** How long rights last. */
export interface Term {
  /** Ms since 1970; absent: without end. */
  readonly expiresAt?: number
  /** Whether they were taken back before, as when the key of a token was removed. */
  isRevoked?(): boolean
}

/** Why rights open nothing any more; undefined while they do. `now` in ms. */
export function endOf(term: Term, now: number): AppError | undefined {
  if (term.expiresAt !== undefined && term.expiresAt <= now) {
    return new AppError('token-expired', 'The token has ended: it opens nothing more, though nothing is closed for it.')
  }
  if (term.isRevoked?.()) return new AppError('token-invalid', 'The token was taken back: its key was removed.')
  return undefined
}

/** Asked whenever a right is used that opens something: a room, a call, a relay. Throws AppError. */
export function requireTerm(term: Term, now: number): void {
  const end = endOf(term, now)
  if (end) throw end
}

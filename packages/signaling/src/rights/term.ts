import { AppError } from '@parley/protocol'

/** How long rights last. */
export interface Term {
  /** Ms since 1970; absent: they do not expire. */
  readonly expiresAt?: number
  /** Whether they were revoked early, for instance because the token's key was removed. */
  isRevoked?(): boolean
}

/** Why rights have ended; undefined while they last. `now` in ms. */
export function endOf(term: Term, now: number): AppError | undefined {
  if (term.expiresAt !== undefined && term.expiresAt <= now) {
    return new AppError('token-expired', 'The token has ended: it opens nothing more, though nothing is closed for it.')
  }
  if (term.isRevoked?.()) return new AppError('token-invalid', 'The token was taken back: its key was removed.')
  return undefined
}

/** Checked before anything new is opened: a room, a call, a relay. Throws AppError if the rights have ended. */
export function requireTerm(term: Term, now: number): void {
  const end = endOf(term, now)
  if (end) throw end
}

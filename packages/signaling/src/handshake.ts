import { randomUUID } from 'node:crypto'
import { AppError, explain, type Handshake, handshake } from '@parley/protocol'
import { isTooComplex } from './message-complexity.ts'
import type { Authenticator, Pass } from './ports.ts'
import type { Visitor } from './sessions/session.ts'

/** What a handshake has proved. */
export interface Authenticated {
  readonly visitor: Omit<Visitor, 'source'>
  /** The access token in use. */
  readonly token: string
  /** Proves the session when the client comes back. */
  readonly ticket: string
  /** The last event that the client says it has seen. */
  readonly after: number
  /** The client's clock, ms since 1970, if it said so. */
  readonly clock: number | undefined
}

/**
 * Reads a handshake: whose token it is, and which session the ticket proves. A ticket that proves nothing is no error: the
 * client gets a new session. Throws AppError `bad-request`, and whatever the authenticator throws.
 * @param auth As received.
 */
export async function readHandshake(auth: unknown, authenticator: Authenticator): Promise<Authenticated> {
  if (isTooComplex(auth)) throw new AppError('bad-request', 'The handshake has too many parts.')
  const parsed = handshake.safeParse(auth)
  if (!parsed.success) throw new AppError('bad-request', explain(parsed.error))
  const { name, ticket, tab, clock, after = 0 } = parsed.data
  const pass = await passOf(parsed.data, authenticator)
  const { token, claims } = pass
  const kept = ticket === undefined ? undefined : await authenticator.verifyTicket(ticket, claims.sub)
  const id = kept ?? randomUUID()
  const visitor = { id, claims, name, tab, term: pass }
  return { visitor, token, ticket: await authenticator.issueTicket(id, claims.sub), after, clock }
}

/** A client with a ticket may show a token that has expired: the caller checks whether its session is still being kept. */
async function passOf({ token, ticket }: Handshake, authenticator: Authenticator): Promise<Pass> {
  try {
    return await authenticator.authenticate(token)
  } catch (error) {
    const mayReturn = error instanceof AppError && error.code === 'token-expired' && ticket !== undefined
    if (!mayReturn || token === undefined) throw error
    return authenticator.recognize(token)
  }
}

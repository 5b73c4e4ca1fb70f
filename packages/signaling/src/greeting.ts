import { randomUUID } from 'node:crypto'
import { AppError, explain, type Handshake, handshake } from '@parley/protocol'
import { isModest } from './modest.ts'
import type { Authenticator, Pass } from './ports.ts'
import type { Visitor } from './sessions/session.ts'

/** Who a socket has shown to be. */
export interface Greeted {
  readonly visitor: Omit<Visitor, 'source'>
  /** The access token in use. */
  readonly token: string
  /** Proof of the session, for the next time. */
  readonly ticket: string
  /** The last event that the client says it saw. */
  readonly after: number
  /** What time it is where they are, ms since 1970, if they said so. */
  readonly clock: number | undefined
}

/**
 * Reads a handshake: whose token it is, and whether the ticket brings back a session. A ticket that proves nothing is
 * no error: it makes a new session. Throws AppError `bad-request`, and what the authenticator throws.
 * @param auth As it came from the wire.
 */
export async function greet(auth: unknown, authenticator: Authenticator): Promise<Greeted> {
  if (!isModest(auth)) throw new AppError('bad-request', 'The handshake has too many parts.')
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

/** Who comes with a ticket may show a token that has ended: whether a seat still waits for them is for the caller to see. */
async function passOf({ token, ticket }: Handshake, authenticator: Authenticator): Promise<Pass> {
  try {
    return await authenticator.authenticate(token)
  } catch (error) {
    const mayReturn = error instanceof AppError && error.code === 'token-expired' && ticket !== undefined
    if (!mayReturn || token === undefined) throw error
    return authenticator.recognize(token)
  }
}

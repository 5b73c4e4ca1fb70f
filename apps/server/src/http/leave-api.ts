import { AppError, explain, leaving } from '@parley/protocol'
import type { Authenticator, Signaling } from '@parley/signaling'
import { Hono } from 'hono'
import { jsonBody } from './body.ts'
import type { Env } from './env.ts'

export interface LeaveApiOptions {
  readonly authenticator: Pick<Authenticator, 'verifyTicket'>
  readonly depart: Signaling['depart']
}

/**
 * `POST /api/leave`: a page that is being closed gives up its session. Firefox does not send what a closing page writes to a
 * WebSocket; it does send a beacon. The session's ticket is proof enough, from any origin.
 */
export function leaveApi({ authenticator, depart }: LeaveApiOptions): Hono<Env> {
  const api = new Hono<Env>()
  api.post('/', async c => {
    const parsed = leaving.safeParse(await jsonBody(c.req.raw))
    if (!parsed.success) throw new AppError('bad-request', explain(parsed.error))
    const { ticket, identity } = parsed.data
    const session = await authenticator.verifyTicket(ticket, identity)
    if (session === undefined) throw new AppError('token-invalid', 'The ticket proves no session here.')
    depart(session)
    return c.body(null, 204)
  })
  return api
}

import { AppError } from '@parley/protocol'
import type { Authenticator, IceServerSource } from '@parley/signaling'
import { Hono } from 'hono'
import type { Env, ServerContext } from '../http/env.ts'
import { FailureLimiter } from '../http/failure-limiter.ts'
import { credentialSeconds } from './ice-servers.ts'

export interface IceServersApiOptions {
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  readonly addressOf: (c: ServerContext) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Of one source: a whole class asks at once, and again. What is done with the credentials TURN counts itself. */
const requestsPerMinute = 1200

/** `GET /api/ice-servers`: `iceServers` for an RTCPeerConnection, for whoever shows an access token. */
export function iceServersApi({ authenticator, iceServers, addressOf, now }: IceServersApiOptions): Hono<Env> {
  const limiter = new FailureLimiter({ failures: requestsPerMinute, windowMs: 60_000, addresses: 10_000 })
  const api = new Hono<Env>()
  api.get('/', async c => {
    const address = addressOf(c)
    const waitMs = limiter.waitMs(address, now())
    if (waitMs > 0) {
      c.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw new AppError('rate-limited')
    }
    // Each attempt counts, not the failed ones alone: every answer is a credential.
    limiter.failed(address, now())
    const [, token] = /^Bearer +([\w.-]+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (token === undefined) throw new AppError('unauthorized', 'A token is needed: Authorization: Bearer …')
    const { claims } = await authenticator.authenticate(token)
    const answer = {
      iceServers: iceServers.iceServers(claims.sub, c.req.header('host')),
      ttlSeconds: credentialSeconds,
    }
    return c.json(answer, 200, { 'cache-control': 'no-store' })
  })
  return api
}

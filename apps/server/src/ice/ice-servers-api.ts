import { AppError } from '@parley/protocol'
import type { Authenticator, IceServerSource, Newcomer } from '@parley/signaling'
import { Hono } from 'hono'
import type { Env, ServerContext } from '../http/env.ts'
import { FailureLimiter } from '../http/failure-limiter.ts'
import { credentialSeconds } from './ice-servers.ts'

export interface IceServersApiOptions {
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  /** Throws AppError for whoever is kept out. */
  readonly admit: (arrival: Newcomer) => void
  readonly addressOf: (c: ServerContext) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** By source, in a minute. A whole class asks at once, and again; what is done with the credentials TURN counts itself. */
const mostAnswers = 1200
const mostFailures = 60

/**
 * `GET /api/ice-servers`: `iceServers` for an RTCPeerConnection, for whoever shows an access token. Who shows a good one does not
 * pay for neighbours who have none.
 */
export function iceServersApi({ authenticator, iceServers, admit, addressOf, now }: IceServersApiOptions): Hono<Env> {
  const answers = new FailureLimiter({ failures: mostAnswers, windowMs: 60_000, addresses: 10_000 })
  const failures = new FailureLimiter({ failures: mostFailures, windowMs: 60_000, addresses: 10_000 })
  const count = (limiter: FailureLimiter, c: ServerContext) => {
    const address = addressOf(c)
    const waitMs = limiter.waitMs(address, now())
    if (waitMs > 0) {
      c.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw new AppError('rate-limited')
    }
    limiter.failed(address, now())
  }
  const passOf = async (c: ServerContext) => {
    const [, token] = /^Bearer +([\w.-]+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    try {
      if (token === undefined) throw new AppError('unauthorized', 'A token is needed: Authorization: Bearer …')
      const pass = await authenticator.authenticate(token)
      const { sub: identity, guest, room } = pass.claims
      admit({ identity, guest, source: addressOf(c), ...(room !== undefined && { room }) })
      return pass
    } catch (error) {
      count(failures, c)
      throw error
    }
  }
  const api = new Hono<Env>()
  api.get('/', async c => {
    const { claims, expiresAt = Number.POSITIVE_INFINITY } = await passOf(c)
    count(answers, c)
    const answer = {
      iceServers: iceServers.iceServers(claims.sub, c.req.header('host'), expiresAt),
      ttlSeconds: Math.min(credentialSeconds, Math.floor((expiresAt - now()) / 1000)),
    }
    return c.json(answer, 200, { 'cache-control': 'no-store' })
  })
  return api
}

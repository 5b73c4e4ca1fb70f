import { AppError } from '@parley/protocol'
import type { Authenticator, IceServerSource, Newcomer } from '@parley/signaling'
import { Hono } from 'hono'
import { type Attempt, perMinute } from '../http/attempts.ts'
import type { Env, ServerContext } from '../http/env.ts'
import { credentialSeconds } from './ice-servers.ts'

export interface IceServersApiOptions {
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  /** Throws AppError for somebody who is banned. */
  readonly admit: (arrival: Newcomer) => void
  readonly attempt: Attempt
  readonly addressOf: (c: ServerContext) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** For each source, in a minute. A whole class may ask at once, and again; what they do with the credentials TURN counts itself. */
const mostAnswers = 1200

/** `GET /api/ice-servers`: `iceServers` for an RTCPeerConnection, for whoever shows an access token. */
export function iceServersApi(options: IceServersApiOptions): Hono<Env> {
  const { authenticator, iceServers, admit, attempt, addressOf, now } = options
  const count = perMinute(mostAnswers, 'requests', options)
  const passOf = (c: ServerContext) => {
    const [, token] = /^Bearer +([\w.-]+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (token === undefined) throw new AppError('unauthorized', 'A token is needed: Authorization: Bearer …')
    return authenticator.authenticate(token)
  }
  const api = new Hono<Env>()
  api.get('/', async c => {
    const { claims, expiresAt = Number.POSITIVE_INFINITY } = await attempt(c, async () => passOf(c))
    const { sub: identity, guest, room } = claims
    admit({ identity, guest, source: addressOf(c), ...(room !== undefined && { room }) })
    count(c)
    const answer = {
      iceServers: iceServers.iceServers(claims.sub, c.req.header('host'), expiresAt),
      ttlSeconds: Math.min(credentialSeconds, Math.floor((expiresAt - now()) / 1000)),
    }
    return c.json(answer, 200, { 'cache-control': 'no-store' })
  })
  return api
}

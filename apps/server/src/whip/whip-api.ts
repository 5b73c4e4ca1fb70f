import { AppError, type IceServer, participantId, roomName, type TokenClaims } from '@parley/protocol'
import type { Authenticator, IceServerSource } from '@parley/signaling'
import { Hono } from 'hono'
import type { Env, ServerContext } from '../http/env.ts'
import type { FailureLimiter } from '../http/failure-limiter.ts'
import { textBody } from '../http/text-body.ts'
import type { WhipSession, WhipSessions } from './whip-sessions.ts'

export interface WhipApiOptions {
  readonly sessions: WhipSessions
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  readonly limiter: FailureLimiter
  readonly addressOf: (c: ServerContext) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const sdpType = 'application/sdp'
const fragmentType = 'application/trickle-ice-sdpfrag'

const grants = { whip: 'publish', whep: 'subscribe' } as const

/** Any page may use these: what protects them is the token and the session's name (RFC 9725 §4.1). */
const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
  'access-control-expose-headers': 'Location, ETag, Link, Accept-Patch, Retry-After',
  'access-control-max-age': '86400',
}

/**
 * `POST /whip/<room>` publishes (RFC 9725); `POST /whep/<room>[/<participant>]` plays (draft-ietf-wish-whep). The session
 * that they make lives under `Location`: PATCH trickles and restarts ICE, DELETE ends it.
 */
export function whipApi(kind: WhipSession['kind'], options: WhipApiOptions): Hono<Env> {
  const { sessions, authenticator, iceServers, limiter, addressOf, now } = options
  const api = new Hono<Env>()
  api.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(crossOrigin)) c.header(name, value)
    c.header('cache-control', 'no-store')
    if (c.res.status === 503) c.header('retry-after', '1')
  })

  /** Who asks. In open mode nobody has to say. */
  const claimsOf = async (c: ServerContext): Promise<TokenClaims> => {
    const address = addressOf(c)
    const waitMs = limiter.waitMs(address, now())
    if (waitMs > 0) {
      c.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw new AppError('rate-limited')
    }
    const header = c.req.header('authorization')
    const [, token] = /^Bearer +([\w.-]+)$/i.exec(header ?? '') ?? []
    try {
      if (header !== undefined && token === undefined) throw new AppError('unauthorized')
      return (await authenticator.authenticate(token)).claims
    } catch (error) {
      limiter.failed(address, now())
      throw error
    }
  }

  const open = async (c: ServerContext, room: string, of: string | undefined) => {
    const claims = await claimsOf(c)
    if (claims.room !== undefined && claims.room !== room)
      throw new AppError('not-allowed', 'The token opens another room.')
    if (!claims.grants[grants[kind]]) throw new AppError('not-allowed', `The token does not allow to ${grants[kind]}.`)
    requireType(c, sdpType)
    const { session, sdp } = await sessions.open(kind, claims, { room, sdp: await textBody(c.req.raw), of })
    c.header('location', `/${kind}/${encodeURIComponent(room)}/session/${session.key}`)
    c.header('etag', `"${session.etag}"`)
    c.header('accept-patch', fragmentType)
    for (const link of iceServers.iceServers(claims.sub, c.req.header('host')).flatMap(iceServerLinks)) {
      c.header('link', link, { append: true })
    }
    return c.body(sdp, 201, { 'content-type': sdpType })
  }

  const named = (c: ServerContext): WhipSession => {
    const session = sessions.find(kind, room(c), c.req.param('key') ?? '')
    if (!session) throw new AppError('not-found', 'There is no such session, or no longer.')
    return session
  }

  for (const path of ['/:room', '/:room/:participant']) {
    api.options(path, c => c.body(null, 204, { 'accept-post': sdpType }))
  }
  api.options('/:room/session/:key', c => c.body(null, 204, { 'accept-patch': fragmentType }))
  api.post('/:room', c => open(c, room(c), undefined))
  if (kind === 'whep') {
    api.post('/:room/:participant', c => open(c, room(c), participant(c)))
  }
  api.patch('/:room/session/:key', async c => {
    const session = named(c)
    requireType(c, fragmentType)
    const condition = c.req.header('if-match')
    if (condition === undefined) return c.text('Say If-Match: the ETag of the session, or * to restart ICE.\n', 428)
    if (condition !== '*' && condition !== `"${session.etag}"`) return c.text('ICE was restarted since.\n', 412)
    const fragment = await sessions.patch(session, await textBody(c.req.raw))
    if (fragment === undefined) return c.body(null, 204)
    return c.body(fragment, 200, { 'content-type': fragmentType, etag: `"${session.etag}"` })
  })
  api.delete('/:room/session/:key', c => {
    sessions.close(named(c))
    return c.body(null, 200)
  })
  // RFC 9725 §4.2: nothing else is defined for these.
  api.all('*', c =>
    c.text('Use POST to begin, PATCH and DELETE on the session.\n', 405, { allow: 'OPTIONS, POST, PATCH, DELETE' }),
  )
  return api
}

function room(c: ServerContext): string {
  const parsed = roomName.safeParse(c.req.param('room'))
  if (!parsed.success) throw new AppError('bad-request', `The room does not fit: ${parsed.error.issues[0]?.message}.`)
  return parsed.data
}

function participant(c: ServerContext): string {
  const parsed = participantId.safeParse(c.req.param('participant'))
  if (!parsed.success) throw new AppError('no-such-participant')
  return parsed.data
}

function requireType(c: ServerContext, type: string): void {
  const given = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (given !== type) throw new AppError('unsupported-type', `The body must be ${type}, not ${given ?? 'unsaid'}.`)
}

/**
 * RFC 9725 §4.6. Only relays over TCP and TLS: over UDP they have the SFU's own address and port, and Chromium takes
 * whatever comes from a relay's address for the relay's.
 */
function iceServerLinks({ urls, username, credential }: IceServer): string[] {
  const account =
    username === undefined || credential === undefined
      ? ''
      : `; username="${username}"; credential="${credential}"; credential-type="password"`
  const streams = urls.filter(url => url.endsWith('?transport=tcp'))
  return streams.map(url => `<${url}>; rel="ice-server"${account}`)
}

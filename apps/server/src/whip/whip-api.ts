import { AppError, type IceServer, participantId, roomName } from '@parley/protocol'
import type { Authenticator, IceServerSource, Pass } from '@parley/signaling'
import { Hono } from 'hono'
import type { Attempt } from '../http/attempts.ts'
import { textBody } from '../http/body.ts'
import type { Env, ServerContext } from '../http/env.ts'
import type { WhipSession, WhipSessions } from './whip-sessions.ts'

export interface WhipApiOptions {
  readonly sessions: WhipSessions
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  readonly attempt: Attempt
  readonly addressOf: (c: ServerContext) => string
}

const sdpType = 'application/sdp'
const fragmentType = 'application/trickle-ice-sdpfrag'

const grants = { whip: 'publish', whep: 'subscribe' } as const

/**
 * `POST /whip/<room>` publishes (RFC 9725); `POST /whep/<room>[/<participant>]` plays (draft-ietf-wish-whep). The session
 * that they make lives under `Location`: PATCH trickles and restarts ICE, DELETE ends it.
 */
export function whipApi(kind: WhipSession['kind'], options: WhipApiOptions): Hono<Env> {
  const { sessions, authenticator, iceServers, attempt, addressOf } = options
  const api = new Hono<Env>()
  api.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
    if (c.res.status === 503) c.header('retry-after', '1')
  })

  /** Who asks. In open mode nobody needs a token. */
  const passOf = (c: ServerContext): Promise<Pass> =>
    attempt(c, () => bearer(authenticator, c.req.header('authorization')))

  const iceServersOf = (c: ServerContext, { claims, expiresAt }: Pass) =>
    iceServers.iceServers(claims.sub, c.req.header('host'), expiresAt)

  const open = async (c: ServerContext, room: string, of: string | undefined) => {
    const pass = await passOf(c)
    const { claims } = pass
    if (claims.room !== undefined && claims.room !== room)
      throw new AppError('not-allowed', 'The token opens another room.')
    if (!claims.grants[grants[kind]]) throw new AppError('not-allowed', `The token does not allow to ${grants[kind]}.`)
    requireType(c, sdpType, 'accept-post')
    const { session, sdp } = await sessions.open(kind, pass, {
      room,
      sdp: await textBody(c.req.raw),
      of,
      address: addressOf(c),
    })
    c.header('location', `/${kind}/${encodeURIComponent(room)}/session/${session.key}`)
    c.header('etag', `"${session.etag}"`)
    c.header('accept-patch', fragmentType)
    for (const link of iceServersOf(c, pass).flatMap(iceServerLinks)) {
      c.header('link', link, { append: true })
    }
    return c.body(sdp, 201, { 'content-type': sdpType })
  }

  const named = (c: ServerContext): WhipSession => {
    const key = c.req.param('key') ?? ''
    const session = sessions.find(kind, room(c), key)
    if (session) return session
    const why = sessions.ended(kind, room(c), key)
    throw new AppError('not-found', why ? `The session has ended: ${why}.` : 'There is no such session, or no longer.')
  }

  // Some encoders append a slash to the address. GET and HEAD have nothing to show (RFC 9725 §4.1).
  const begins = ['/:room', '/:room/', ...(kind === 'whep' ? ['/:room/:participant', '/:room/:participant/'] : [])]
  for (const path of begins) {
    const of = (c: ServerContext) => (path.includes(':participant') ? participant(c) : undefined)
    api.options(path, c => c.body(null, 204, { 'accept-post': sdpType }))
    api.get(path, c => {
      room(c)
      return c.body(null, 204, { 'accept-post': sdpType })
    })
    api.post(path, c => open(c, room(c), of(c)))
    api.all(path, c => c.text('Use POST to begin.\n', 405, { allow: 'GET, HEAD, OPTIONS, POST' }))
  }
  for (const path of ['/:room/session/:key', '/:room/session/:key/']) {
    api.options(path, c => c.body(null, 204, { 'accept-patch': fragmentType }))
    api.get(path, c => c.body(null, 204, { etag: `"${named(c).etag}"`, 'accept-patch': fragmentType }))
    api.patch(path, async c => {
      const session = named(c)
      requireType(c, fragmentType, 'accept-patch')
      const condition = c.req.header('if-match')
      if (isStale(condition, session)) return stale(c)
      // Clients of WHEP trickle without a condition; a restart of ICE needs one (RFC 9725 §4.3.1).
      const patched = await sessions.patch(session, await textBody(c.req.raw), condition !== undefined)
      if (patched.is === 'unconditional') return c.text('Say If-Match: *, or the ETag of the session.\n', 428)
      if (patched.is === 'trickled') return c.body(null, 204)
      return c.body(patched.fragment, 200, { 'content-type': fragmentType, etag: `"${session.etag}"` })
    })
    api.delete(path, c => {
      // A client that we gave up may still say goodbye.
      if (sessions.ended(kind, room(c), c.req.param('key') ?? '') !== undefined) return c.body(null, 200)
      const session = named(c)
      if (isStale(c.req.header('if-match'), session)) return stale(c)
      sessions.close(session)
      return c.body(null, 200)
    })
    api.all(path, c =>
      c.text('Use PATCH and DELETE on a session.\n', 405, { allow: 'DELETE, GET, HEAD, OPTIONS, PATCH' }),
    )
  }
  api.all('*', c => {
    throw new AppError('not-found', `Say a room: /${kind}/<room>. There is nothing at ${c.req.path}.`)
  })
  return api
}

/**
 * Whose bearer token it is. In open mode nobody needs one, and encoders that insist on a stream key may send any: only what looks
 * like a token has to be valid.
 */
async function bearer(authenticator: Authenticator, header: string | undefined): Promise<Pass> {
  const [, token = ''] = /^Bearer\s+(.*)$/i.exec(header?.trim() ?? '') ?? []
  if (/^[\w-]+(?:\.[\w-]+){2}$/.test(token)) return authenticator.authenticate(token)
  try {
    return await authenticator.authenticate(undefined)
  } catch (error) {
    const wrong = token !== '' && error instanceof AppError && error.code === 'unauthorized'
    throw wrong ? new AppError('token-invalid') : error
  }
}

/**
 * Whether an If-Match fails for a session: it is neither `*` nor a list that contains the session's entity tag; weak tags never match
 * (RFC 9110 §13.1.1).
 */
function isStale(condition: string | undefined, { etag }: WhipSession): boolean {
  if (condition === undefined || condition.trim() === '*') return false
  return !condition.split(',').some(tag => tag.trim() === `"${etag}"`)
}

function stale(c: ServerContext): Response {
  return c.text('ICE was restarted since.\n', 412)
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

/** A refusal says in `accepts` what would be taken (RFC 9110 §15.5.16, RFC 5789 §2.2). */
function requireType(c: ServerContext, type: string, accepts: 'accept-post' | 'accept-patch'): void {
  const given = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (given === type) return
  c.header(accepts, type)
  throw new AppError('unsupported-type', `The body must be ${type}, not ${given ?? 'unsaid'}.`)
}

/**
 * ICE servers as Link headers (RFC 9725 §4.6). Only relays over TCP and TLS: over UDP a relay has the SFU's own address and port, and
 * Chromium takes whatever comes from a relay's address for relayed traffic.
 */
function iceServerLinks({ urls, username, credential }: IceServer): string[] {
  const account =
    username === undefined || credential === undefined
      ? ''
      : `; username="${username}"; credential="${credential}"; credential-type="password"`
  const streams = urls.filter(url => url.endsWith('?transport=tcp'))
  return streams.map(url => `<${url}>; rel="ice-server"${account}`)
}

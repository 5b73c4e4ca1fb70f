import { randomBytes } from 'node:crypto'
import { AppError, type Participant } from '@parley/protocol'
import type { HttpGuest, RoomInfo } from '@parley/signaling'
import { createHoldings } from '@parley/signaling'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import type { WhipReply, WhipRequest } from '../edge/media-control.ts'
import { attempts } from '../http/attempts.ts'
import type { Env } from '../http/env.ts'
import { errorResponse } from '../http/errors.ts'
import { createAuthenticator } from '../tokens/authenticator.ts'
import { createTokenService, type NewClaims } from '../tokens/token-service.ts'
import { whipApi } from './whip-api.ts'
import { WhipSessions, type WhipSessionsOptions } from './whip-sessions.ts'

const offer = 'v=0 an offer'
const fragment = 'a=ice-ufrag:new'
const sdpType = { 'content-type': 'application/sdp' }
const fragmentType = { 'content-type': 'application/trickle-ice-sdpfrag' }

/** Seats as signalling has them. */
class FakeSeats {
  readonly rooms = new Map<string, Participant[]>()
  readonly told: unknown[] = []
  /** What `admissible` and `admit` throw. */
  refusal: AppError | undefined

  admissible(): void {
    if (this.refusal) throw this.refusal
  }

  admit(room: string, guest: HttpGuest): Participant {
    this.admissible()
    const participant = { ...guest, tracks: [], subscribe: guest.via === 'whep', joinedAt: 1 }
    this.rooms.set(room, [...(this.rooms.get(room) ?? []), participant])
    this.told.push(['admit', room, guest.identity, guest.name, guest.via])
    return participant
  }

  announce(room: string, id: string, tracks: readonly { source: string }[]): void {
    if (!this.rooms.get(room)?.some(participant => participant.id === id)) throw new AppError('not-in-room')
    this.told.push(['announce', room, ...tracks.map(({ source }) => source)])
  }

  dismiss(room: string, id: string): void {
    const left = this.rooms.get(room)?.filter(participant => participant.id !== id) ?? []
    this.rooms.set(room, left)
    this.told.push(['dismiss', room])
  }

  room(name: string): RoomInfo | undefined {
    const participants = this.rooms.get(name)
    return participants && { name, capacity: 9, createdAt: 1, private: false, participants }
  }

  get seats(): number {
    return [...this.rooms.values()].flat().length
  }
}

let now: number
let seats: FakeSeats
let asked: WhipRequest[]
/** Whom each request was about: room and seat. */
let about: [room: string, id: string][]
let released: string[]
let logged: unknown[][]
let address: string
let sessions: WhipSessions
let answer: (request: WhipRequest) => WhipReply | Promise<WhipReply>
let reported: unknown[]
let app: Hono<Env>
const tokens = createTokenService(randomBytes(32), () => now)

function open(mode: 'open' | 'token'): void {
  const signaling = () => seats as unknown as ReturnType<WhipSessionsOptions['signaling']>
  const ask: WhipSessionsOptions['sfu']['ask'] = async (room, id, request) => {
    asked.push(request)
    about.push([room, id])
    return answer(request)
  }
  const log = { info: (...said: unknown[]) => logged.push(said) } as unknown as WhipSessionsOptions['log']
  sessions = new WhipSessions({
    signaling,
    holdings: createHoldings(),
    sfu: { ask, release: (_, id) => released.push(id) },
    log,
  })
  const options = {
    sessions,
    authenticator: createAuthenticator({ mode, tokens, now: () => now }),
    iceServers: {
      iceServers: (identity: string, host?: string) => [
        { urls: [`stun:${host}:3478`] },
        {
          urls: ['turn:x:1?transport=udp', 'turns:x:2?transport=tcp'],
          username: `1:${identity}`,
          credential: 'secret',
        },
      ],
    },
    attempt: attempts({ addressOf: () => address, now: () => now }),
    addressOf: () => address,
  }
  app = new Hono<Env>()
  app.route('/whip', whipApi('whip', options))
  app.route('/whep', whipApi('whep', options))
  app.onError((error, c) => errorResponse(error, c, error => reported.push(error)))
}

beforeEach(() => {
  now = 1_700_000_000_000
  seats = new FakeSeats()
  asked = []
  about = []
  released = []
  logged = []
  address = '192.0.2.7'
  reported = []
  answer = ({ is }) => {
    if (is === 'publish') {
      return { ok: true, sdp: 'an answer', etag: 'e1', tracks: [{ id: 't', source: 'camera', muted: false }] }
    }
    return is === 'play' ? { ok: true, sdp: 'an answer', etag: 'e1' } : { ok: true, sdp: '', etag: '' }
  }
  open('open')
})

function send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return app.request(path, { method, headers, ...(body !== undefined && { body }) })
}

const post = (path: string, headers: Record<string, string> = {}) =>
  send('POST', path, { ...sdpType, ...headers }, offer)

async function code(response: Response | Promise<Response>): Promise<[number, string]> {
  const { status, body } = {
    status: (await response).status,
    body: (await (await response).json()) as { code: string },
  }
  return [status, body.code]
}

async function bearer(claims: Partial<NewClaims>, seconds = 60): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await tokens.mint({ sub: 'cam', ...claims }, seconds)}` }
}

/** The path of a new session, whose client has not connected. */
async function ask(path = '/whip/studio'): Promise<string> {
  return (await post(path)).headers.get('location') ?? ''
}

/** The path of a session whose client has connected. */
async function begin(path = '/whip/studio'): Promise<string> {
  const location = await ask(path)
  sessions.came(...last())
  return location
}

/** Who asked last. */
function last(): [room: string, id: string] {
  return about.at(-1) ?? ['', '']
}

describe('POST', () => {
  it('makes a session: 201 with the answer, its address, its ETag and the ICE servers', async () => {
    const response = await post('/whip/studio', { host: 'example.org' })
    expect([response.status, await response.text()]).toEqual([201, 'an answer'])
    expect(response.headers.get('content-type')).toBe('application/sdp')
    expect(response.headers.get('location')).toMatch(/^\/whip\/studio\/session\/[\w-]{32}$/)
    expect(response.headers.get('etag')).toBe('"e1"')
    expect(response.headers.get('accept-patch')).toBe('application/trickle-ice-sdpfrag')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const links = response.headers.get('link')
    expect(links).toMatch(
      /^<turns:x:2\?transport=tcp>; rel="ice-server"; username="1:guest-[^"]+"; credential="secret"; credential-type="password"$/,
    )
    expect(asked).toEqual([{ is: 'publish', sdp: offer }])
    expect(seats.told).toEqual([])
    sessions.came(...last())
    sessions.came(...last())
    expect(seats.told).toEqual([
      ['admit', 'studio', expect.stringMatching(/^guest-/), 'Stream', 'whip'],
      ['announce', 'studio', 'camera'],
    ])
  })

  it('tells whoever sends a wrong offer why, and where to read what is right', async () => {
    answer = () => ({ ok: false, code: 'not-usable', message: 'Section 1 cannot be taken.' })
    expect(await (await post('/whip/studio')).json()).toEqual({
      code: 'bad-request',
      message: 'Section 1 cannot be taken.',
      remedy: expect.stringContaining('docs/encoders.md'),
    })
  })

  it('plays the first who sends, or whom the address names', async () => {
    expect((await post('/whep/studio')).status).toBe(201)
    expect((await post('/whep/studio/ann')).status).toBe(201)
    expect(asked).toEqual([
      { is: 'play', sdp: offer, of: undefined },
      { is: 'play', sdp: offer, of: 'ann' },
    ])
    expect(await code(post(`/whep/studio/${'x'.repeat(65)}`))).toEqual([404, 'no-such-participant'])
  })

  it('takes application/sdp alone, with parameters and in any case', async () => {
    expect(await code(send('POST', '/whip/studio', { 'content-type': 'text/plain' }, offer))).toEqual([
      415,
      'unsupported-type',
    ])
    expect((await post('/whip/studio', { 'content-type': 'Application/SDP; charset=utf-8' })).status).toBe(201)
    expect((await send('POST', '/whip/studio', {}, offer)).headers.get('accept-post')).toBe('application/sdp')
  })

  it('takes nothing compressed, and says so', async () => {
    const refused = await post('/whip/studio', { 'content-encoding': 'gzip' })
    expect(refused.headers.get('accept-encoding')).toBe('identity')
    expect(await code(refused)).toEqual([415, 'unsupported-type'])
    expect((await post('/whip/studio', { 'content-encoding': 'Identity' })).status).toBe(201)
  })

  it('refuses what is too large before it is read to the end, and the connection with it', async () => {
    const refused = await send('POST', '/whip/studio', sdpType, 'x'.repeat(65 * 1024))
    expect(refused.headers.get('connection')).toBe('close')
    expect(await code(refused)).toEqual([413, 'too-large'])
    expect([asked, seats.seats]).toEqual([[], 0])
  })

  it('refuses a room that has no such name', async () => {
    expect(await code(post('/whip/-bad-'))).toEqual([400, 'bad-request'])
  })

  it.each([
    ['bad-sdp', 400, 'bad-request'],
    ['not-usable', 400, 'bad-request'],
    ['too-large', 413, 'too-large'],
    ['internal', 500, 'internal'],
  ])('leaves no session when the SFU says %s', async (why, status, said) => {
    answer = () => ({ ok: false, code: why, message: 'No.' })
    expect(await code(post('/whip/studio'))).toEqual([status, said])
    expect([sessions.waiting, released.length]).toEqual([0, 1])
  })

  it('says when to come again while nothing is forwarded', async () => {
    answer = () => Promise.reject(new AppError('sfu-missing'))
    const response = await post('/whip/studio')
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await code(response)).toEqual([503, 'sfu-missing'])
    expect(sessions.waiting).toBe(0)
  })

  it.each(['room-full', 'no-sfu'] as const)('passes on that there is no seat: %s', async why => {
    seats.refusal = new AppError(why)
    expect(await code(post('/whip/studio'))).toEqual([409, why])
    expect(asked).toEqual([])
  })

  it.each(['whip', 'whep'])('%s: a room that is full by the time that the client connects lets it go', async kind => {
    const location = await ask(`/${kind}/studio`)
    seats.refusal = new AppError('room-full', 'The room is full.')
    sessions.came(...last())
    expect(released).toEqual([last()[1]])
    expect(await code(send('PATCH', location, { ...fragmentType, 'if-match': '*' }, fragment))).toEqual([
      404,
      'not-found',
    ])
    expect(logged).toMatchObject([[{ room: 'studio', why: 'The room is full.' }, expect.any(String)]])
  })

  it('keeps mistakes of ours for the log', async () => {
    answer = () => Promise.reject(new Error('secret'))
    const response = await post('/whip/studio')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(reported).toHaveLength(1)
  })
})

describe('tokens', () => {
  beforeEach(() => open('token'))

  it('are asked for, and must be right', async () => {
    const without = await post('/whip/studio')
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    expect(await code(without)).toEqual([401, 'unauthorized'])
    expect(await code(post('/whip/studio', { authorization: 'Bearer nonsense' }))).toEqual([401, 'token-invalid'])
    expect(await code(post('/whip/studio', { authorization: 'Basic YTpi' }))).toEqual([401, 'unauthorized'])
    const expired = await bearer({})
    now += 120_000
    expect(await code(post('/whip/studio', expired))).toEqual([401, 'token-expired'])
    expect(seats.seats).toBe(0)
  })

  it('open their room alone, with the name that they say', async () => {
    expect(await code(post('/whip/studio', await bearer({ room: 'other' })))).toEqual([403, 'not-allowed'])
    expect((await post('/whip/studio', await bearer({ room: 'studio', name: 'Stage' }))).status).toBe(201)
    sessions.came(...last())
    expect(seats.told[0]).toEqual(['admit', 'studio', 'cam', 'Stage', 'whip'])
  })

  it('must allow what is done', async () => {
    const viewer = await bearer({ grants: { publish: false } })
    expect(await code(post('/whip/studio', viewer))).toEqual([403, 'not-allowed'])
    expect((await post('/whep/studio', viewer)).status).toBe(201)
    const speaker = await bearer({ grants: { subscribe: false } })
    expect(await code(post('/whep/studio', speaker))).toEqual([403, 'not-allowed'])
    expect((await post('/whip/studio', speaker)).status).toBe(201)
  })

  it('that is no good makes an address wait after 60 failures, and nobody there whose token is good', async () => {
    const wrong = () => post('/whip/studio', { authorization: 'Bearer nonsense' })
    for (let tries = 0; tries < 60; tries++) expect((await wrong()).status).toBe(401)
    const refused = await wrong()
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await code(refused)).toEqual([429, 'rate-limited'])
    expect((await post('/whip/studio', await bearer({}))).status).toBe(201)
    now += 60_000
    expect((await wrong()).status).toBe(401)
  })
})

describe('PATCH', () => {
  it('trickles: 204', async () => {
    const path = await begin()
    const response = await send('PATCH', path, { ...fragmentType, 'if-match': '"e1"' }, fragment)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(asked.at(-1)).toEqual({ is: 'patch', fragment, mayRestart: true })
  })

  it('restarts ICE: 200 with our credentials and another ETag, and the old one counts no more', async () => {
    const path = await begin()
    answer = () => ({ ok: true, sdp: 'a=ice-ufrag:ours', etag: 'e2' })
    const response = await send('PATCH', path, { ...fragmentType, 'if-match': '*' }, fragment)
    expect([response.status, await response.text()]).toEqual([200, 'a=ice-ufrag:ours'])
    expect(response.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag')
    expect(response.headers.get('etag')).toBe('"e2"')
    const stale = await send('PATCH', path, { ...fragmentType, 'if-match': '"e1"' }, fragment)
    expect(stale.status).toBe(412)
  })

  it.each([
    ['"e1"', 204],
    ['"e0", "e1"', 204],
    ['"e0","e1" ,"e2"', 204],
    ['*', 204],
    ['"e0"', 412],
    ['W/"e1"', 412],
    ['', 412],
  ])('takes If-Match: %s as RFC 9110 §13.1.1 has it: %i', async (condition, status) => {
    const path = await begin()
    expect((await send('PATCH', path, { ...fragmentType, 'if-match': condition }, fragment)).status).toBe(status)
  })

  it('takes candidates without a condition, as clients of WHEP send them; a restart wants one', async () => {
    const path = await begin('/whep/studio')
    expect((await send('PATCH', path, fragmentType, fragment)).status).toBe(204)
    expect(asked.at(-1)).toEqual({ is: 'patch', fragment, mayRestart: false })
    answer = () => ({ ok: false, code: 'unconditional', message: 'No.' })
    expect((await send('PATCH', path, fragmentType, fragment)).status).toBe(428)
  })

  it('wants a fragment and a session', async () => {
    const path = await begin()
    const mistyped = await send('PATCH', path, { ...sdpType, 'if-match': '*' }, fragment)
    expect([mistyped.status, mistyped.headers.get('accept-patch')]).toEqual([415, fragmentType['content-type']])
    const conditional = { ...fragmentType, 'if-match': '*' }
    expect(await code(send('PATCH', '/whip/studio/session/none', conditional, fragment))).toEqual([404, 'not-found'])
    expect((await send('PATCH', path.replace('studio', 'other'), conditional, fragment)).status).toBe(404)
    expect((await send('PATCH', path.replace('/whip', '/whep'), conditional, fragment)).status).toBe(404)
    answer = () => ({ ok: false, code: 'bad-sdp', message: 'No.' })
    expect((await send('PATCH', path, conditional, 'nonsense')).status).toBe(400)
  })
})

describe('DELETE', () => {
  it('keeps a session whose ETag is not the one that was meant (RFC 9110 §13.1.1)', async () => {
    const path = await begin()
    expect((await send('DELETE', path, { 'if-match': '"e0"' })).status).toBe(412)
    expect((await send('DELETE', path, { 'if-match': '"e0", "e1"' })).status).toBe(200)
  })

  it('ends the session once', async () => {
    const path = await begin()
    expect(seats.seats).toBe(1)
    expect((await send('DELETE', path)).status).toBe(200)
    expect(seats.seats).toBe(0)
    expect((await send('DELETE', path)).status).toBe(404)
  })

  it('ends one that waits for its client, and tells the SFU', async () => {
    const path = await ask()
    expect((await send('DELETE', path)).status).toBe(200)
    expect([released, sessions.waiting]).toEqual([[last()[1]], 0])
  })

  it('is answered for one that was given up; the log says why, once', async () => {
    const [whip, whep] = [await begin(), await ask('/whep/studio')]
    for (const [room, id] of about) for (const _ of 'ab') sessions.gone(room, id, 'nothing came for 30 s')
    expect(seats.seats).toBe(0)
    for (const path of [whip, whip, whep]) expect((await send('DELETE', path)).status).toBe(200)
    const patched = await send('PATCH', whip, { ...fragmentType, 'if-match': '*' }, fragment)
    expect([patched.status, await patched.text()]).toEqual([404, expect.stringContaining('nothing came for 30 s')])
    expect((await send('DELETE', whip.replace('studio', 'other'))).status).toBe(404)
    expect(logged).toEqual([
      [expect.objectContaining({ via: 'whip', why: 'nothing came for 30 s' }), expect.any(String)],
      [expect.objectContaining({ via: 'whep', why: 'nothing came for 30 s' }), expect.any(String)],
    ])
  })

  it('finds nothing when the SFU was started anew', async () => {
    const paths = [await begin(), await ask()]
    sessions.lost()
    for (const path of paths) expect((await send('DELETE', path)).status).toBe(404)
    expect(sessions.waiting).toBe(0)
  })

  it('finds no session whose seat was taken away', async () => {
    const path = await begin()
    seats.rooms.clear()
    expect((await send('DELETE', path)).status).toBe(404)
  })
})

describe('who does not connect', () => {
  it('takes no seat, and gives way: to 512 of its source, and of all sources to 1024', async () => {
    const first = await ask()
    await begin()
    for (let i = 2; i < 512; i++) await ask()
    expect([sessions.waiting, logged.length]).toEqual([511, 0])
    expect((await post('/whip/studio')).status).toBe(201)
    expect([seats.seats, sessions.waiting]).toEqual([1, 511])
    expect(await code(send('PATCH', first, { ...fragmentType, 'if-match': '*' }, fragment))).toEqual([404, 'not-found'])
    for (let i = 0; i < 700; i++) {
      address = `2001:db8:${i.toString(16)}::1`
      expect((await post('/whip/studio')).status).toBe(201)
    }
    expect([sessions.waiting, logged.length, released.length]).toEqual([1024, 188, 188])
  })

  it('is told apart from a source whose clients have all connected: 429', async () => {
    for (let i = 0; i < 512; i++) await begin()
    const refused = await post('/whip/studio')
    expect(await code(refused)).toEqual([429, 'over-quota'])
    address = '192.0.2.8'
    expect((await post('/whip/studio')).status).toBe(201)
  })
})

describe('other methods', () => {
  it.each(['/whip/studio', '/whep/studio', '/whep/studio/ann', '/whip/studio/session/x'])(
    'OPTIONS %s says what may be sent',
    async path => {
      const response = await send('OPTIONS', path)
      expect(response.status).toBe(204)
      const said = path.includes('/session/') ? 'accept-patch' : 'accept-post'
      expect(response.headers.get(said)).toBeTruthy()
    },
  )

  it.each(['GET', 'HEAD'])('%s finds nothing to show where something could begin, or has begun: 204', async method => {
    const session = await begin()
    for (const path of ['/whip/studio', '/whip/studio/', '/whep/studio/ann', session]) {
      const response = await send(method, path)
      expect([response.status, await response.text()]).toEqual([204, ''])
    }
    for (const path of ['/whip/studio/session/x', '/whip/', '/whip/a/b/c/d']) {
      expect((await send(method, path)).status).toBe(404)
    }
  })

  it.each(['PUT', 'DELETE'])('%s: 405 and what there is instead', async method => {
    const response = await send(method, '/whip/studio')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
  })

  it('a session is not begun again: 405', async () => {
    const response = await send('POST', await begin(), sdpType, offer)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS, PATCH'])
  })

  it('a slash behind the address is as good as none', async () => {
    expect((await post('/whip/studio/')).status).toBe(201)
    expect((await post('/whep/studio/ann/')).status).toBe(201)
    expect(asked.at(-1)).toEqual({ is: 'play', sdp: offer, of: 'ann' })
    expect((await send('DELETE', `${await begin()}/`)).status).toBe(200)
  })

  it.each(['/whip', '/whip/'])('POST %s: 404, with the room that it wants in words', async path => {
    const response = await post(path)
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/whip/<room>')])
  })
})

describe('open mode', () => {
  it.each(['Bearer', 'Bearer ', 'Bearer any-stream-key', 'Bearer live_123.abc', 'Basic YTpi'])(
    'takes %s for a guest',
    async authorization => {
      expect((await post('/whip/studio', { authorization })).status).toBe(201)
    },
  )

  it('wants what looks like a token to be one', async () => {
    expect(await code(post('/whip/studio', { authorization: 'Bearer abc.def.ghi' }))).toEqual([401, 'token-invalid'])
  })
})

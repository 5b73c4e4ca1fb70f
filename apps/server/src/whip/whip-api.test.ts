import { randomBytes } from 'node:crypto'
import { AppError, type Participant } from '@parley/protocol'
import type { HttpGuest, RoomInfo } from '@parley/signaling'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import type { WhipReply, WhipRequest } from '../edge/media-control.ts'
import type { Env } from '../http/env.ts'
import { errorResponse } from '../http/errors.ts'
import { FailureLimiter } from '../http/failure-limiter.ts'
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
  /** What `admit` throws. */
  refusal: AppError | undefined

  admit(room: string, guest: HttpGuest): Participant {
    if (this.refusal) throw this.refusal
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
let answer: (request: WhipRequest) => WhipReply | Promise<WhipReply>
let reported: unknown[]
let app: Hono<Env>
const tokens = createTokenService(randomBytes(32), () => now)

function open(mode: 'open' | 'token'): void {
  const signaling = () => seats as unknown as ReturnType<WhipSessionsOptions['signaling']>
  const ask: WhipSessionsOptions['ask'] = async (_room, _id, request) => {
    asked.push(request)
    return answer(request)
  }
  const options = {
    sessions: new WhipSessions({ signaling, ask }),
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
    limiter: new FailureLimiter(),
    addressOf: () => '192.0.2.7',
    now: () => now,
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

/** The path of a new session. */
async function begin(path = '/whip/studio'): Promise<string> {
  return (await post(path)).headers.get('location') ?? ''
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
    expect(seats.told).toEqual([
      ['admit', 'studio', expect.stringMatching(/^guest-/), 'Stream', 'whip'],
      ['announce', 'studio', 'camera'],
    ])
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
  })

  it('refuses what is too large before it is read to the end', async () => {
    expect(await code(send('POST', '/whip/studio', sdpType, 'x'.repeat(65 * 1024)))).toEqual([413, 'too-large'])
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
  ])('gives the seat back when the SFU says %s', async (why, status, said) => {
    answer = () => ({ ok: false, code: why, message: 'No.' })
    expect(await code(post('/whip/studio'))).toEqual([status, said])
    expect(seats.seats).toBe(0)
  })

  it('says when to come again while nothing is forwarded', async () => {
    answer = () => Promise.reject(new AppError('sfu-missing'))
    const response = await post('/whip/studio')
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await code(response)).toEqual([503, 'sfu-missing'])
    expect(seats.seats).toBe(0)
  })

  it.each(['room-full', 'no-sfu'] as const)('passes on that there is no seat: %s', async why => {
    seats.refusal = new AppError(why)
    expect(await code(post('/whip/studio'))).toEqual([409, why])
    expect(asked).toEqual([])
  })

  it.each(['whip', 'whep'])('%s: a room that was closed while the SFU was asked leaves no session', async kind => {
    const usual = answer
    answer = request => {
      seats.rooms.clear()
      return usual(request)
    }
    expect(await code(post(`/${kind}/studio`))).toEqual([409, 'not-in-room'])
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

  it('cannot be guessed: after ten failures an address has to wait', async () => {
    for (let tries = 0; tries < 10; tries++) await post('/whip/studio', { authorization: 'Bearer nonsense' })
    const refused = await post('/whip/studio', await bearer({}))
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await code(refused)).toEqual([429, 'rate-limited'])
    now += 60_000
    expect((await post('/whip/studio', await bearer({}))).status).toBe(201)
  })
})

describe('PATCH', () => {
  it('trickles: 204', async () => {
    const path = await begin()
    const response = await send('PATCH', path, { ...fragmentType, 'if-match': '"e1"' }, fragment)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(asked.at(-1)).toEqual({ is: 'patch', fragment })
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

  it('wants a condition and a fragment, and a session', async () => {
    const path = await begin()
    expect((await send('PATCH', path, fragmentType, fragment)).status).toBe(428)
    expect((await send('PATCH', path, { ...sdpType, 'if-match': '*' }, fragment)).status).toBe(415)
    const conditional = { ...fragmentType, 'if-match': '*' }
    expect(await code(send('PATCH', '/whip/studio/session/none', conditional, fragment))).toEqual([404, 'not-found'])
    expect((await send('PATCH', path.replace('studio', 'other'), conditional, fragment)).status).toBe(404)
    expect((await send('PATCH', path.replace('/whip', '/whep'), conditional, fragment)).status).toBe(404)
    answer = () => ({ ok: false, code: 'bad-sdp', message: 'No.' })
    expect((await send('PATCH', path, conditional, 'nonsense')).status).toBe(400)
  })
})

describe('DELETE', () => {
  it('ends the session once', async () => {
    const path = await begin()
    expect(seats.seats).toBe(1)
    expect((await send('DELETE', path)).status).toBe(200)
    expect(seats.seats).toBe(0)
    expect((await send('DELETE', path)).status).toBe(404)
  })

  it('finds no session whose seat was taken away', async () => {
    const path = await begin()
    seats.rooms.clear()
    expect((await send('DELETE', path)).status).toBe(404)
  })
})

describe('other methods and other pages', () => {
  it.each(['/whip/studio', '/whep/studio', '/whep/studio/ann', '/whip/studio/session/x'])(
    'OPTIONS %s lets every page in',
    async path => {
      const response = await send('OPTIONS', path, { origin: 'https://elsewhere.test' })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('access-control-allow-methods')).toBe('POST, PATCH, DELETE, OPTIONS')
      expect(response.headers.get('access-control-allow-headers')).toContain('Authorization')
      const said = path.includes('/session/') ? 'accept-patch' : 'accept-post'
      expect(response.headers.get(said)).toBeTruthy()
    },
  )

  it('pages from elsewhere can read every answer, refusals too', async () => {
    const answers = [
      await post('/whip/studio'),
      await send('POST', '/whip/studio', { 'content-type': 'text/plain' }, offer),
      await send('DELETE', '/whip/studio/session/none'),
      await send('GET', '/whip/studio'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 415, 404, 405])
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('Location')
    }
  })

  it.each(['GET', 'HEAD', 'PUT'])('%s: 405 and what there is instead', async method => {
    for (const path of ['/whip/studio', '/whip/studio/session/x']) {
      const response = await send(method, path)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('OPTIONS, POST, PATCH, DELETE')
    }
  })
})

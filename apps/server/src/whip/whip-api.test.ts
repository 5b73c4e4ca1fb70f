import { ClosedError, RemoteError } from '@parley/edge'
import { AppError } from '@parley/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { code, fragment, fragmentType, offer, refusal, sdpType, WhipServer } from './testing/whip-server.ts'

let server: WhipServer
beforeEach(() => {
  server = new WhipServer()
})

describe('POST', () => {
  it('makes a session: 201 with the answer, its address, its ETag and the ICE servers', async () => {
    const response = await server.post('/whip/studio', { host: 'example.org' })
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
    expect(server.asked).toEqual([{ is: 'publish', sdp: offer }])
    expect(server.seats.told).toEqual([])
    server.sessions.came(...server.last())
    server.sessions.came(...server.last())
    expect(server.seats.told).toEqual([
      ['admit', 'studio', expect.stringMatching(/^guest-/), 'Stream', 'whip'],
      ['announce', 'studio', 'camera'],
    ])
  })

  it('tells whoever sends a wrong offer why, and where to read what is right', async () => {
    server.answer = () => refusal('not-usable', 'Section 1 cannot be taken.')
    expect(await (await server.post('/whip/studio')).json()).toEqual({
      code: 'bad-request',
      message: 'Section 1 cannot be taken.',
      remedy: expect.stringContaining('docs/encoders.md'),
    })
  })

  it('plays the first who sends, or whom the address names', async () => {
    expect((await server.post('/whep/studio')).status).toBe(201)
    expect((await server.post('/whep/studio/ann')).status).toBe(201)
    expect(server.asked).toEqual([
      { is: 'play', sdp: offer, of: null },
      { is: 'play', sdp: offer, of: 'ann' },
    ])
    expect(await code(server.post(`/whep/studio/${'x'.repeat(65)}`))).toEqual([404, 'no-such-participant'])
  })

  it('takes application/sdp alone, with parameters and in any case', async () => {
    expect(await code(server.send('POST', '/whip/studio', { 'content-type': 'text/plain' }, offer))).toEqual([
      415,
      'unsupported-type',
    ])
    expect((await server.post('/whip/studio', { 'content-type': 'Application/SDP; charset=utf-8' })).status).toBe(201)
    expect((await server.send('POST', '/whip/studio', {}, offer)).headers.get('accept-post')).toBe('application/sdp')
  })

  it('takes nothing compressed, and says so', async () => {
    const refused = await server.post('/whip/studio', { 'content-encoding': 'gzip' })
    expect(refused.headers.get('accept-encoding')).toBe('identity')
    expect(await code(refused)).toEqual([415, 'unsupported-type'])
    expect((await server.post('/whip/studio', { 'content-encoding': 'Identity' })).status).toBe(201)
  })

  it('refuses what is too large before it is read to the end, and the connection with it', async () => {
    const refused = await server.send('POST', '/whip/studio', sdpType, 'x'.repeat(65 * 1024))
    expect(refused.headers.get('connection')).toBe('close')
    expect(await code(refused)).toEqual([413, 'too-large'])
    expect([server.asked, server.seats.seats]).toEqual([[], 0])
  })

  it('refuses a room that has no such name', async () => {
    expect(await code(server.post('/whip/-bad-'))).toEqual([400, 'bad-request'])
  })

  it.each([
    ['bad-sdp', 400, 'bad-request'],
    ['not-usable', 400, 'bad-request'],
    ['too-large', 413, 'too-large'],
    ['no-codec', 406, 'no-codec'],
  ])('leaves no session when the SFU says %s', async (why, status, said) => {
    server.answer = () => refusal(why)
    expect(await code(server.post('/whip/studio'))).toEqual([status, said])
    expect([server.sessions.waiting, server.released.length]).toEqual([0, 1])
  })

  it('says when to come again while nothing is forwarded', async () => {
    server.answer = () => Promise.reject(new ClosedError('the media process ended by SIGKILL'))
    const response = await server.post('/whip/studio')
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await code(response)).toEqual([503, 'sfu-missing'])
    expect(server.sessions.waiting).toBe(0)
  })

  it.each(['room-full', 'no-sfu', 'room-encrypted'] as const)('passes on that there is no seat: %s', async why => {
    server.seats.refusal = new AppError(why)
    expect(await code(server.post('/whip/studio'))).toEqual([409, why])
    expect(server.asked).toEqual([])
  })

  it('keeps mistakes of ours for the log', async () => {
    const mistake = { name: 'TypeError', message: 'secret', code: 'ERR_INVALID_ARG_TYPE', stack: undefined }
    server.answer = () => Promise.reject(new RemoteError(mistake))
    const response = await server.post('/whip/studio')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect([server.reported.length, server.sessions.waiting, server.released.length]).toEqual([1, 0, 1])
  })
})

describe('tokens', () => {
  beforeEach(() => {
    server = new WhipServer('token')
  })

  it('are asked for, and must be right', async () => {
    const without = await server.post('/whip/studio')
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    expect(await code(without)).toEqual([401, 'unauthorized'])
    expect(await code(server.post('/whip/studio', { authorization: 'Bearer nonsense' }))).toEqual([
      401,
      'token-invalid',
    ])
    expect(await code(server.post('/whip/studio', { authorization: 'Basic YTpi' }))).toEqual([401, 'unauthorized'])
    const expired = await server.bearer({})
    server.now += 120_000
    expect(await code(server.post('/whip/studio', expired))).toEqual([401, 'token-expired'])
    expect(server.seats.seats).toBe(0)
  })

  it('open their room alone, with the name that they say', async () => {
    expect(await code(server.post('/whip/studio', await server.bearer({ room: 'other' })))).toEqual([
      403,
      'not-allowed',
    ])
    expect((await server.post('/whip/studio', await server.bearer({ room: 'studio', name: 'Stage' }))).status).toBe(201)
    server.sessions.came(...server.last())
    expect(server.seats.told[0]).toEqual(['admit', 'studio', 'cam', 'Stage', 'whip'])
  })

  it('must allow what is done', async () => {
    const viewer = await server.bearer({ grants: { publish: false } })
    expect(await code(server.post('/whip/studio', viewer))).toEqual([403, 'not-allowed'])
    expect((await server.post('/whep/studio', viewer)).status).toBe(201)
    const speaker = await server.bearer({ grants: { subscribe: false } })
    expect(await code(server.post('/whep/studio', speaker))).toEqual([403, 'not-allowed'])
    expect((await server.post('/whip/studio', speaker)).status).toBe(201)
  })

  it('that is no good makes an address wait after 60 failures, and nobody there whose token is good', async () => {
    const wrong = () => server.post('/whip/studio', { authorization: 'Bearer nonsense' })
    for (let tries = 0; tries < 60; tries++) expect((await wrong()).status).toBe(401)
    const refused = await wrong()
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await code(refused)).toEqual([429, 'rate-limited'])
    expect((await server.post('/whip/studio', await server.bearer({}))).status).toBe(201)
    server.now += 60_000
    expect((await wrong()).status).toBe(401)
  })
})

describe('PATCH', () => {
  it('trickles: 204', async () => {
    const path = await server.begin()
    const response = await server.send('PATCH', path, { ...fragmentType, 'if-match': '"e1"' }, fragment)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(server.asked.at(-1)).toEqual({ is: 'patch', fragment, mayRestart: true })
  })

  it('restarts ICE: 200 with our credentials and another ETag, and the old one counts no more', async () => {
    const path = await server.begin()
    server.answer = () => ({ fragment: 'a=ice-ufrag:ours', etag: 'e2' })
    const response = await server.send('PATCH', path, { ...fragmentType, 'if-match': '*' }, fragment)
    expect([response.status, await response.text()]).toEqual([200, 'a=ice-ufrag:ours'])
    expect(response.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag')
    expect(response.headers.get('etag')).toBe('"e2"')
    const stale = await server.send('PATCH', path, { ...fragmentType, 'if-match': '"e1"' }, fragment)
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
    const path = await server.begin()
    expect((await server.send('PATCH', path, { ...fragmentType, 'if-match': condition }, fragment)).status).toBe(status)
  })

  it('takes candidates without a condition, as clients of WHEP send them; a restart wants one', async () => {
    const path = await server.begin('/whep/studio')
    expect((await server.send('PATCH', path, fragmentType, fragment)).status).toBe(204)
    expect(server.asked.at(-1)).toEqual({ is: 'patch', fragment, mayRestart: false })
    server.answer = () => refusal('unconditional')
    expect((await server.send('PATCH', path, fragmentType, fragment)).status).toBe(428)
  })

  it('wants a fragment and a session', async () => {
    const path = await server.begin()
    const mistyped = await server.send('PATCH', path, { ...sdpType, 'if-match': '*' }, fragment)
    expect([mistyped.status, mistyped.headers.get('accept-patch')]).toEqual([415, fragmentType['content-type']])
    const conditional = { ...fragmentType, 'if-match': '*' }
    expect(await code(server.send('PATCH', '/whip/studio/session/none', conditional, fragment))).toEqual([
      404,
      'not-found',
    ])
    expect((await server.send('PATCH', path.replace('studio', 'other'), conditional, fragment)).status).toBe(404)
    expect((await server.send('PATCH', path.replace('/whip', '/whep'), conditional, fragment)).status).toBe(404)
    server.answer = () => refusal('bad-sdp')
    expect((await server.send('PATCH', path, conditional, 'nonsense')).status).toBe(400)
  })
})

describe('DELETE', () => {
  it('keeps a session whose ETag is not the one that was meant (RFC 9110 §13.1.1)', async () => {
    const path = await server.begin()
    expect((await server.send('DELETE', path, { 'if-match': '"e0"' })).status).toBe(412)
    expect((await server.send('DELETE', path, { 'if-match': '"e0", "e1"' })).status).toBe(200)
  })

  it('ends the session once', async () => {
    const path = await server.begin()
    expect(server.seats.seats).toBe(1)
    expect((await server.send('DELETE', path)).status).toBe(200)
    expect(server.seats.seats).toBe(0)
    expect((await server.send('DELETE', path)).status).toBe(404)
  })
})

describe('other methods', () => {
  it.each(['/whip/studio', '/whep/studio', '/whep/studio/ann', '/whip/studio/session/x'])(
    'OPTIONS %s says what may be sent',
    async path => {
      const response = await server.send('OPTIONS', path)
      expect(response.status).toBe(204)
      const said = path.includes('/session/') ? 'accept-patch' : 'accept-post'
      expect(response.headers.get(said)).toBeTruthy()
    },
  )

  it.each(['GET', 'HEAD'])('%s finds nothing to show where something could begin, or has begun: 204', async method => {
    const session = await server.begin()
    for (const path of ['/whip/studio', '/whip/studio/', '/whep/studio/ann', session]) {
      const response = await server.send(method, path)
      expect([response.status, await response.text()]).toEqual([204, ''])
    }
    for (const path of ['/whip/studio/session/x', '/whip/', '/whip/a/b/c/d']) {
      expect((await server.send(method, path)).status).toBe(404)
    }
  })

  it.each(['PUT', 'DELETE'])('%s: 405 and what there is instead', async method => {
    const response = await server.send(method, '/whip/studio')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
  })

  it('a session is not begun again: 405', async () => {
    const response = await server.send('POST', await server.begin(), sdpType, offer)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS, PATCH'])
  })

  it('a slash behind the address is as good as none', async () => {
    expect((await server.post('/whip/studio/')).status).toBe(201)
    expect((await server.post('/whep/studio/ann/')).status).toBe(201)
    expect(server.asked.at(-1)).toEqual({ is: 'play', sdp: offer, of: 'ann' })
    expect((await server.send('DELETE', `${await server.begin()}/`)).status).toBe(200)
  })

  it.each(['/whip', '/whip/'])('POST %s: 404, with the room that it wants in words', async path => {
    const response = await server.post(path)
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/whip/<room>')])
  })
})

describe('open mode', () => {
  it.each(['Bearer', 'Bearer ', 'Bearer any-stream-key', 'Bearer live_123.abc', 'Basic YTpi'])(
    'takes %s for a guest',
    async authorization => {
      expect((await server.post('/whip/studio', { authorization })).status).toBe(201)
    },
  )

  it('wants what looks like a token to be one', async () => {
    expect(await code(server.post('/whip/studio', { authorization: 'Bearer abc.def.ghi' }))).toEqual([
      401,
      'token-invalid',
    ])
  })
})

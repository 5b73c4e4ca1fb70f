import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { serverInfo } from '@parley/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebApps } from '../places.ts'
import { startTestServer, type TestServer } from '../testing.ts'
import { version } from '../version.ts'

const script = 'export const answer = 42\n'.repeat(100)
const page = '<!doctype html><title>Parley</title>'
const labPage = '<!doctype html><title>Lab</title>'

let webRoots: WebApps
let server: TestServer
beforeAll(async () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'parley-web-'))
  const labRoot = mkdtempSync(join(tmpdir(), 'parley-lab-'))
  mkdirSync(join(webRoot, 'assets'))
  writeFileSync(join(webRoot, 'index.html'), page)
  writeFileSync(join(webRoot, 'sw.js'), 'self')
  writeFileSync(join(webRoot, '.built-from'), 'private')
  writeFileSync(join(webRoot, 'my file.txt'), 'spaced')
  writeFileSync(join(webRoot, 'assets/app-abc123.js'), script)
  writeFileSync(join(webRoot, 'assets/app-abc123.js.br'), brotliCompressSync(script))
  writeFileSync(join(webRoot, 'assets/app-abc123.js.gz'), gzipSync(script))
  writeFileSync(join(webRoot, 'assets/model.bin'), 'x')
  mkdirSync(join(labRoot, 'assets'))
  writeFileSync(join(labRoot, 'index.html'), labPage)
  writeFileSync(join(labRoot, 'sw.js'), 'lab self')
  writeFileSync(join(labRoot, 'assets/lab-abc123.js'), script)
  webRoots = { meeting: webRoot, lab: labRoot }
  server = await startTestServer({ webRoots, allowOrigin: ['https://app.example.com'] })
})
afterAll(async () => {
  await server.close()
  for (const root of Object.values(webRoots)) rmSync(root, { recursive: true })
})

describe('the web app', () => {
  it('is served, hashed files forever, all else to be asked for again', async () => {
    const index = await server.ask('/')
    expect(index).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } })
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(index.text()).toBe(page)
    const asset = await server.ask('/assets/app-abc123.js')
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    })
    expect(asset.text()).toBe(script)
    expect((await server.ask('/sw.js')).headers['cache-control']).toBe('no-cache')
    expect((await server.ask('/assets/model.bin')).headers['content-type']).toBe('application/octet-stream')
    expect((await server.ask('/my%20file.txt')).text()).toBe('spaced')
  })

  it('comes compressed as the client takes it', async () => {
    const as = (accept: string) => server.ask('/assets/app-abc123.js', { headers: { 'accept-encoding': accept } })
    const brotli = await as('gzip, deflate, br, zstd')
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script)
    const gzip = await as('gzip, br;q=0')
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.body).toString()).toBe(script)
    expect(Number(gzip.headers['content-length'])).toBe(gzip.body.length)
    expect((await as('identity')).headers['content-encoding']).toBeUndefined()
    expect(new Set([brotli.headers.etag, gzip.headers.etag]).size).toBe(2)
    for (const suffix of ['br', 'gz']) {
      expect((await server.ask(`/assets/app-abc123.js.${suffix}`)).status).toBe(404)
    }
  })

  it('is not sent again to those who have it, nor to those who only ask about it', async () => {
    const { headers } = await server.ask('/')
    const again = await server.ask('/', { headers: { 'if-none-match': `W/"x", ${headers.etag}` } })
    expect(again).toMatchObject({ status: 304, headers: { etag: headers.etag } })
    expect(again.body).toHaveLength(0)
    const asset = await server.ask('/assets/app-abc123.js', { headers: { 'accept-encoding': 'br' } })
    const known = { 'accept-encoding': 'br', 'if-none-match': String(asset.headers.etag) }
    const unchanged = await server.ask('/assets/app-abc123.js', { headers: known })
    expect(unchanged).toMatchObject({ status: 304, headers: { 'cache-control': asset.headers['cache-control'] } })
    const about = await server.ask('/assets/app-abc123.js', { method: 'HEAD' })
    expect(about).toMatchObject({ status: 200, headers: { 'content-length': String(script.length) } })
    expect(about.body).toHaveLength(0)
  })

  it('comes in part to those who ask for a part', async () => {
    const part = await server.ask('/assets/app-abc123.js', { headers: { range: 'bytes=7-11' } })
    expect([part.status, part.text()]).toEqual([206, script.slice(7, 12)])
    expect((await server.ask('/sw.js', { headers: { range: 'bytes=99-' } })).status).toBe(416)
  })

  it.each(['/blue-heron', '/会议', '/call/ann', '/label'])('answers %s with its page', async path => {
    const { status, body } = await server.ask(encodeURI(path))
    expect([status, body.toString()]).toEqual([200, page])
  })

  it.each(['/lab', '/lab/', '/lab/nat?x=1'])('answers %s with the page of the Lab', async path => {
    const { status, headers, body } = await server.ask(path)
    expect([status, body.toString()]).toEqual([200, labPage])
    expect(headers['cache-control']).toBe('no-cache')
  })

  it('keeps the files of the Lab below it, and only there', async () => {
    const { headers } = await server.ask('/lab/assets/lab-abc123.js')
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await server.ask('/lab/sw.js')).text()).toBe('lab self')
    expect((await server.ask('/sw.js')).text()).toBe('self')
    for (const path of ['/assets/lab-abc123.js', '/lab/assets/app-abc123.js', '/lab/assets/', '/lab/.git/config'])
      expect((await server.ask(path, { headers: { accept: 'text/html' } })).status).toBe(404)
  })

  it('takes an address with a dot for a page when a person opens it', async () => {
    expect((await server.ask('/call/ann@example.com', { headers: { accept: 'text/html,*/*' } })).text()).toBe(page)
    expect((await server.ask('/missing.js', { headers: { accept: '*/*' } })).status).toBe(404)
  })

  it.each(['/peerjs/id', '/rtc/validate', '/twirp/livekit.RoomService/ListRooms'])(
    'takes nobody for a person who asks for %s, but whoever opens it',
    async path => {
      for (const headers of [{ accept: '*/*' }, { 'sec-fetch-mode': 'cors', accept: 'text/html' }]) {
        const { status, headers: said } = await server.ask(path, { headers })
        expect([status, said['access-control-allow-origin']]).toEqual([404, '*'])
      }
      expect((await server.ask(path, { method: 'POST', body: '{}' })).status).toBe(404)
      const opened = { 'sec-fetch-mode': 'navigate', accept: 'text/html,*/*' }
      expect((await server.ask(path, { headers: opened })).status).toBe(200)
    },
  )

  it.each(['/', '/ws', '/peerjs?key=x', '/relayed/room', '/socket.io'])('has no WebSocket at %s: 404', async path => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    const answer = await server.ask(path, { headers: { ...upgrade, ...key } })
    expect(answer.status).toBe(404)
  })

  it('gives a page that a page asks for as data to nobody, but for the home page, which works offline', async () => {
    const headers = { 'sec-fetch-mode': 'cors' }
    expect((await server.ask('/blue-heron', { headers })).status).toBe(404)
    expect((await server.ask('/', { headers })).status).toBe(200)
  })

  it.each(['/assets/gone-123.js', '/assets/', '/favicon.png', '/.built-from', '/.git/config', '/relay/room'])(
    'has nothing at %s',
    async path => {
      expect((await server.ask(path, { headers: { accept: '*/*' } })).status).toBe(404)
    },
  )

  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5c..%5cetc%5cpasswd',
    '/assets/../../package.json',
    '/....//....//etc/passwd',
    '//etc/passwd',
    '/assets/%00/../../etc/passwd',
    '/%ff%fe',
  ])('gives nothing away at %s', async path => {
    const { status, body } = await server.ask(path)
    expect([page, 'Not found\n', '']).toContain(body.toString())
    expect([200, 400, 404]).toContain(status)
  })

  it('gives only what is in its folder, whatever the path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), async path => {
        const { status, body } = await server.ask(`/assets/..${path}`)
        expect([page, script, 'self', 'x', 'spaced', 'Not found\n']).toContain(body.toString())
        expect([200, 404]).toContain(status)
      }),
      { numRuns: 50 },
    )
  })

  it('takes no other methods', async () => {
    expect((await server.ask('/', { method: 'POST', body: 'x' })).status).toBe(404)
    expect((await server.ask('/', { method: 'DELETE' })).status).toBe(404)
  })
})

describe('headers', () => {
  it('forbid everything inline and everything from elsewhere, on pages and errors alike', async () => {
    for (const path of ['/', '/api/nothing', '/assets/gone.js', '/healthz']) {
      const { headers } = await server.ask(path, { headers: { host: 'meet.local:8443' } })
      expect(String(headers['content-security-policy']).split('; ')).toEqual([
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self' wss://meet.local:8443",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ])
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=(self), microphone=(self), display-capture=(self)'),
      })
      expect(headers['strict-transport-security']).toBeUndefined()
    }
  })

  it.each(["x'; script-src *", 'a b', 'a,b'])('take no policy from a Host of %s', async host => {
    const { headers, status } = await server.ask('/', { headers: { host } })
    if (status === 200) expect(headers['content-security-policy']).toContain("connect-src 'self';")
    else expect(status).toBe(400)
  })
})

describe('health and facts', () => {
  it('answers', async () => {
    expect((await server.ask('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await server.ask('/readyz')).json()).toEqual({ status: 'ready' })
  })

  it('says what time it is by the clock that tokens go by, which need not be that of this test', async () => {
    const hourMs = 3_600_000
    const ahead = await startTestServer({ now: () => Date.now() + hourMs })
    try {
      const began = Date.now()
      const { headers } = await ahead.ask('/healthz')
      // The Date header is in whole seconds.
      expect(Date.parse(headers.date ?? '')).toBeGreaterThan(began + hourMs - 1000)
    } finally {
      await ahead.close()
    }
  })

  it('says what one needs for an invitation, in the shape of the protocol', async () => {
    const info = serverInfo.parse((await server.ask('/api/info')).json())
    expect(info).toEqual({
      version,
      auth: 'open',
      urls: [],
      trustUrl: `http://localhost:${server.httpPort}/trust`,
      roomSize: 100,
    })
  })

  it('tells others neither version nor addresses, but what they know; an operator all', async () => {
    const everywhere = await startTestServer({ webRoots, host: '0.0.0.0', metrics: 'open' })
    try {
      const proxied = { 'x-forwarded-for': '203.0.113.9', host: `pc.local:${everywhere.port}` }
      const all = serverInfo.parse((await everywhere.ask('/api/info')).json())
      expect(all.version).toBe(version)
      const others = await everywhere.ask('/api/info', { headers: proxied })
      expect(others.json()).toEqual({
        auth: 'open',
        urls: [],
        trustUrl: `http://pc.local:${everywhere.httpPort}/trust`,
        roomSize: 100,
      })
      const admin = await everywhere.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
      const operator = { ...proxied, authorization: `Bearer ${admin}` }
      expect((await everywhere.ask('/api/info', { headers: operator })).json()).toEqual(all)
      const host = await everywhere.tokens.mint({ sub: 'host', room: 'x', grants: { admin: true } }, 60)
      const ofRoom = { ...proxied, authorization: `Bearer ${host}` }
      expect((await everywhere.ask('/api/info', { headers: ofRoom })).json()).toEqual(others.json())
      for (const path of ['/', '/healthz', '/readyz', '/metrics', '/api/nothing']) {
        const { headers, body } = await everywhere.ask(path, { headers: proxied })
        const told = JSON.stringify(headers) + body.toString()
        expect(told).not.toContain(version)
        expect(told).not.toContain(process.version)
        for (const url of all.urls) expect(told).not.toContain(new URL(url).hostname)
      }
    } finally {
      await everywhere.close()
    }
  })

  it('counts, for this machine and for admins, but not for whom a proxy brings', async () => {
    const own = await server.ask('/metrics')
    expect(own.headers['content-type']).toContain('text/plain')
    for (const name of ['parley_rooms 0', 'parley_participants 0', 'parley_calls 0', 'parley_sockets 0']) {
      expect(own.text()).toContain(name)
    }
    expect(own.text()).toContain(`parley_info{version="${version}"} 1`)
    expect(own.text()).toMatch(/nodejs_eventloop_lag_p99_seconds \d/)
    expect(own.text()).toMatch(/process_resident_memory_bytes \d/)

    const proxied = { 'x-forwarded-for': '203.0.113.9' }
    expect((await server.ask('/metrics', { headers: proxied })).status).toBe(401)
    const admin = await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
    const headers = { ...proxied, authorization: `Bearer ${admin}` }
    expect((await server.ask('/metrics', { headers })).status).toBe(200)

    const host = await server.tokens.mint({ sub: 'host', room: 'standup', grants: { admin: true } }, 60)
    const ofRoom = await server.ask('/metrics', { headers: { ...proxied, authorization: `Bearer ${host}` } })
    expect([ofRoom.status, ofRoom.json()]).toEqual([403, expect.objectContaining({ code: 'not-allowed' })])
  })
})

describe('an installation with a public name', () => {
  it('shows that name alone, and its addresses to nobody', async () => {
    const named = await startTestServer({ webRoots, domain: 'meet.example.com', host: '0.0.0.0', metrics: 'open' })
    try {
      const info = serverInfo.parse((await named.ask('/api/info')).json())
      expect(info.urls).toEqual([`https://meet.example.com:${named.port}`])
      const proxied = { 'x-forwarded-for': '203.0.113.9' }
      expect((await named.ask('/metrics', { headers: proxied })).status).toBe(200)
      const { headers } = await named.ask('/', { headers: { host: 'meet.example.com' } })
      expect(headers['strict-transport-security']).toBeUndefined()
    } finally {
      await named.close()
    }
  })
})

import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

const evil = 'https://evil.example'
const allowOrigin = ['https://app.example.com', 'capacitor://localhost', 'file://', 'null']

let server: TestServer
let open: TestServer
beforeAll(async () => {
  server = await startTestServer()
  open = await startTestServer({ allowOrigin })
})
afterAll(() => Promise.all([server.close(), open.close()]))

type Door = [method: string, path: string, headers: Record<string, string>]

/** Every route of the HTTP API. */
const doors: Door[] = [
  ['GET', '/api/info', {}],
  ['GET', '/api/ice-servers', {}],
  ['GET', '/api/rooms', {}],
  ['POST', '/whip/studio', { 'content-type': 'application/sdp' }],
  ['POST', '/whep/studio', { 'content-type': 'application/sdp' }],
  ['PATCH', '/whip/studio/session/none', { 'content-type': 'application/trickle-ice-sdpfrag' }],
  ['DELETE', '/whep/studio/session/none', {}],
]

const ask = (on: TestServer, [method, path, headers]: Door, more: Record<string, string>) =>
  on.ask(path, { method, headers: { ...headers, ...more } })

/** The HTTP status of the answer to a WebSocket upgrade. */
function upgrade(on: TestServer, path: string, origin: string): Promise<number> {
  const headers = {
    origin,
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'c2l4dGVlbiBieXRlcyE9PQ==',
  }
  const where = { host: '127.0.0.1', port: on.port, servername: 'localhost', ca: on.authority?.pem, agent: false }
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, path, headers })
    asking.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    asking.on('response', response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.on('error', reject)
    asking.end()
  })
}

const sockets = ['/relay/studio', '/socket.io/?EIO=4&transport=websocket']

describe('a page of another origin', () => {
  it.each(doors)('gets nothing at %s %s without a token', async (...door) => {
    const answer = await ask(server, door, { origin: evil })
    expect([answer.status, answer.json()]).toEqual([403, expect.objectContaining({ code: 'origin-refused' })])
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each(doors)('gets nothing at %s %s with a token that it made up', async (...door) => {
    const forged = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"x","guest":true}')}.AAAA`.replaceAll('=', '')
    for (const token of ['x', forged]) {
      const answer = await ask(server, door, { origin: evil, authorization: `Bearer ${token}` })
      expect([answer.status, answer.json()]).toEqual([401, expect.objectContaining({ code: 'token-invalid' })])
    }
  })

  it.each(doors)(
    'gets an answer at %s %s with a token of ours, also in a session that outlives it',
    async (...door) => {
      for (const seconds of [60, -60]) {
        const token = await server.tokens.mint({ sub: 'ann' }, seconds)
        const answer = await ask(server, door, { origin: evil, authorization: `Bearer ${token}` })
        expect(answer.json()).not.toMatchObject({ code: 'origin-refused' })
        expect(answer.headers['access-control-allow-origin']).toBe('*')
      }
    },
  )

  it.each(doors)('is told beforehand at %s %s: with a token or not at all', async (method, path) => {
    const preflight = (asked: string) =>
      server.ask(path, {
        method: 'OPTIONS',
        headers: { origin: evil, 'access-control-request-method': method, 'access-control-request-headers': asked },
      })
    const answer = await preflight('authorization,content-type')
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([204, '*'])
    expect(answer.headers['access-control-allow-headers']).toContain('Authorization')
    expect((await preflight('content-type')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each(sockets)('gets no socket at %s', async path => expect(await upgrade(server, path, evil)).not.toBe(101))
})

describe('a page that may', () => {
  const own = () => `https://127.0.0.1:${open.port}`

  it.each([...allowOrigin, 'http://localhost:5173', 'own'])('from %s: at every door', async listed => {
    const origin = listed === 'own' ? own() : listed
    for (const door of doors) {
      const answer = await ask(open, door, { origin })
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
      expect(answer.headers.vary).toContain('origin')
      expect(answer.status === 403).toBe(false)
    }
    for (const path of sockets) expect(await upgrade(open, path, origin)).toBe(101)
  })

  it.each(['null', 'file://', 'capacitor://localhost', 'capacitor://elsewhere'])(
    '%s is nobody’s unless it is listed',
    async origin => {
      for (const door of doors) expect((await ask(server, door, { origin })).status).toBe(403)
      for (const path of sockets) expect(await upgrade(server, path, origin)).not.toBe(101)
    },
  )
})

it('what is not a browser says no origin, and is asked for none', async () => {
  for (const door of doors) expect((await ask(server, door, {})).json()).not.toMatchObject({ code: 'origin-refused' })
})

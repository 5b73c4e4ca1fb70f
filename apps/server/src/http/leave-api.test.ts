import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

let server: TestServer
const gone: string[] = []
beforeAll(async () => {
  server = await startTestServer()
  Object.assign(server.signaling, { depart: (session: string) => gone.push(session) })
})
afterAll(() => server.close())

/** Posts as a browser sends a beacon: as text, and with the origin `null`, because our pages send no referrer. */
const leave = (body: string, origin = 'null') =>
  server.ask('/api/leave', {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8', origin },
    body,
  })

it('takes a session back from whoever has its ticket', async () => {
  const ticket = await server.tokens.issueTicket('s1', 'ann')
  expect((await leave(JSON.stringify({ ticket, identity: 'ann' }))).status).toBe(204)
  expect(gone).toEqual(['s1'])
  expect((await leave(JSON.stringify({ ticket, identity: 'ann' }), 'https://elsewhere.example')).status).toBe(204)
})

it.each([
  ['another’s ticket', 401, async () => ({ ticket: await server.tokens.issueTicket('s2', 'bob'), identity: 'ann' })],
  ['a forged one', 401, async () => ({ ticket: 'x.y.z', identity: 'ann' })],
  ['an access token', 401, async () => ({ ticket: await server.tokens.mint({ sub: 'ann' }, 60), identity: 'ann' })],
  ['less than that', 400, async () => ({ identity: 'ann' })],
  ['more', 400, async () => ({ ticket: 'x', identity: 'ann', session: 's1' })],
  ['no object', 400, async () => null],
])('%s gives up nothing', async (_, status, body) => {
  gone.length = 0
  expect((await leave(JSON.stringify(await body()))).status).toBe(status)
  expect((await leave('{')).status).toBe(400)
  expect(gone).toEqual([])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer } from '../server.ts'
import { startTestServer, type TestServer } from '../testing.ts'

let server: TestServer
let operator: string
let host: string
beforeAll(async () => {
  server = await startTestServer()
  operator = await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
  host = await server.tokens.mint({ sub: 'host', room: 'standup', grants: { admin: true } }, 60)
})
afterAll(() => server.close())

const ask = (method: string, path: string, token: string, body?: object) =>
  server.ask(`/api/bans${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  })

async function list(token: string): Promise<{ id: string; room?: string; identity?: string; address?: string }[]> {
  return ((await ask('GET', '', token)).json() as { bans: [] }).bans
}

it('are made, seen and lifted; by a host those of the room alone', async () => {
  const made = await ask('POST', '', operator, { identity: 'auth0|5f7c', seconds: 60 })
  expect(made).toMatchObject({ status: 201 })
  expect(made.json()).toMatchObject({ identity: 'auth0|5f7c', until: expect.any(Number) })
  expect((await ask('POST', '', host, { room: 'standup', address: '2001:db8::1' })).status).toBe(201)
  expect((await ask('POST', '', host, { identity: 'ann' })).status).toBe(403)
  expect((await ask('POST', '', host, { room: 'other', identity: 'ann' })).status).toBe(403)
  expect(await list(host)).toMatchObject([{ room: 'standup', address: '2001:db8::/64' }])
  const all = await list(operator)
  expect(all).toHaveLength(2)
  const others = all.find(({ room }) => room === undefined)?.id
  expect((await ask('DELETE', `/${others}`, host)).status).toBe(404)
  expect((await ask('DELETE', `/${others}`, operator)).status).toBe(204)
  expect((await ask('DELETE', `/${others}`, operator)).status).toBe(404)
})

it.each([
  {},
  { identity: 'a', address: '192.0.2.1' },
  { address: 'here' },
  { identity: 'a', seconds: 0 },
  { identity: 'a', x: 1 },
])('%j is refused', async body => expect((await ask('POST', '', operator, body)).status).toBe(400))

it('outlive the server, and keep somebody from ICE servers and WHIP too', async () => {
  const first = await startTestServer()
  const admin = await first.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
  const mallory = await first.tokens.mint({ sub: 'mallory' }, 60)
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const get = () => first.ask('/api/ice-servers', { headers: bearer(mallory) })
  expect((await get()).status).toBe(200)
  const body = JSON.stringify({ identity: 'mallory', seconds: 60 })
  await first.ask('/api/bans', { method: 'POST', headers: bearer(admin), body })
  expect((await get()).json()).toMatchObject({ code: 'removed' })
  const file = join(first.dataDir, 'bans.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ identity: 'mallory' }])
  const again = await startServer({
    dataDir: first.dataDir,
    host: '127.0.0.1',
    port: 0,
    httpPort: 'off',
    udpPort: 'off',
  })
  expect(again.signaling.bans()).toMatchObject([{ identity: 'mallory' }])
  await again.close()
  await first.close()
})

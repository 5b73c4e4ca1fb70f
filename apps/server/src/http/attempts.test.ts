import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ auth: 'token' })
})
afterAll(() => server.close())

const sdp = { 'content-type': 'application/sdp' }

/** Every way in that takes a token, and the status for a good one: these requests have no SFU and no offer. */
const doors: [method: string, path: string, headers: Record<string, string>, good: number][] = [
  ['GET', '/api/rooms', {}, 200],
  ['GET', '/api/bans', {}, 200],
  ['GET', '/api/troubles', {}, 200],
  ['GET', '/api/ice-servers', {}, 200],
  ['POST', '/whip/studio', sdp, 503],
  ['POST', '/whep/studio', sdp, 503],
]

it('from one address 60 bad tokens a minute are told why; a good one passes beside any number of them, at every door', async () => {
  const ask = async ([method, path, headers]: (typeof doors)[number], token: string) =>
    server.ask(path, { method, headers: { ...headers, authorization: `Bearer ${token}` } })
  const good = await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
  const statuses: number[] = []
  for (let round = 0; round < 20; round++) {
    const answers = doors.flatMap(door => [ask(door, 'not.a.token'), ask(door, good)])
    for (const [index, answer] of (await Promise.all(answers)).entries()) {
      if (index % 2 === 0) statuses.push(answer.status)
      else expect([doors[index >> 1]?.[1], answer.status]).toEqual([doors[index >> 1]?.[1], doors[index >> 1]?.[3]])
    }
  }
  expect(statuses).toEqual([...Array(60).fill(401), ...Array(60).fill(429)])
})

import { AppError } from '@parley/protocol'
import type { RoomInfo } from '@parley/signaling'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'
import type { RoomControl } from './rooms-api.ts'

const standup: RoomInfo = {
  name: 'standup',
  capacity: 100,
  createdAt: 1,
  private: false,
  topology: { wish: 'auto', now: 'sfu' },
  participants: [{ id: 'p1', identity: 'ann', name: 'Ann', tracks: [], subscribe: true, joinedAt: 1 }],
}

let now = Date.now()
let server: TestServer
let admin: string
let done: string[]
beforeAll(async () => {
  server = await startTestServer({ now: () => now })
  // The signalling of this server is replaced by one whose rooms are known; the server asks it anew each time.
  const rooms = new Map([standup, { ...standup, name: 'other' }].map(room => [room.name, room]))
  const seat = (room: string, id: string) => {
    if (!rooms.get(room)?.participants.some(participant => participant.id === id)) {
      throw new AppError('no-such-participant')
    }
  }
  const control: Omit<RoomControl, 'media'> = {
    rooms: () => [...rooms.values()],
    room: name => rooms.get(name),
    mute(room, id, source) {
      seat(room, id)
      done.push(`mute ${room} ${id} ${source}`)
    },
    remove(room, id) {
      seat(room, id)
      done.push(`remove ${room} ${id}`)
    },
    close: room => done.push(`close ${room}`),
  }
  Object.assign(server.signaling, control)
})
beforeEach(async () => {
  // Far enough ahead for the failures of this address to be forgotten.
  now += 120_000
  done = []
  admin = await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)
})
afterAll(() => server.close())

function ask(
  path: string,
  { method = 'GET', token = admin, body }: { method?: string; token?: string; body?: string } = {},
) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }) }
  return server.ask(`/api/rooms${path}`, { method, headers, ...(body !== undefined && { body }) })
}

describe('the admin API', () => {
  it('lists and shows rooms', async () => {
    const list = await ask('')
    expect(list).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    const topology = { wish: 'auto', now: 'sfu' }
    const summary = { name: 'standup', capacity: 100, createdAt: 1, private: false, topology, participants: 1 }
    expect(list.json()).toEqual({ rooms: [summary, { ...summary, name: 'other' }] })
    expect((await ask('/standup')).json()).toEqual(standup)
  })

  it.each([
    [{ score: 4 }, undefined],
    [{ score: 1, reason: 'uplink-loss' }, 'uplink'],
    [{ score: 2, reason: 'downlink-loss' }, 'downlink'],
    [{ score: 3, reason: 'downlink-bandwidth' }, 'downlink'],
    [{ score: 2, reason: 'delay' }, 'either'],
  ] as const)(
    'says how well somebody’s media get through, and on whose side the reason lies: %j',
    async (quality, side) => {
      const { room } = server.signaling
      const participants = standup.participants.map(participant => ({ ...participant, quality }))
      Object.assign(server.signaling, { room: () => ({ ...standup, participants }) })
      const shown = (await ask('/standup')).json()
      Object.assign(server.signaling, { room })
      expect(shown).toMatchObject({ participants: [{ id: 'p1', quality: { ...quality, ...(side && { side }) } }] })
    },
  )

  it('measures nothing where no media are forwarded', async () => {
    const refused = await ask('/standup/media')
    expect([refused.status, refused.json()]).toMatchObject([409, { code: 'no-sfu' }])
  })

  it('mutes, removes, closes', async () => {
    const body = '{"source":"microphone"}'
    expect((await ask('/standup/participants/p1/mute', { method: 'POST', body })).status).toBe(204)
    expect((await ask('/standup/participants/p1', { method: 'DELETE' })).status).toBe(204)
    expect((await ask('/standup', { method: 'DELETE' })).status).toBe(204)
    expect(done).toEqual(['mute standup p1 microphone', 'remove standup p1', 'close standup'])
  })

  it.each<[string, string, string | undefined, number, string]>([
    ['GET', '/nowhere', undefined, 404, 'no-such-room'],
    ['GET', '/nowhere/media', undefined, 404, 'no-such-room'],
    ['DELETE', '/nowhere', undefined, 404, 'no-such-room'],
    ['GET', '/..%2f..', undefined, 400, 'bad-request'],
    ['GET', '/__proto__', undefined, 400, 'bad-request'],
    ['GET', `/${'r'.repeat(65)}`, undefined, 400, 'bad-request'],
    ['DELETE', '/standup/participants/p9', undefined, 404, 'no-such-participant'],
    ['DELETE', `/standup/participants/${'p'.repeat(65)}`, undefined, 400, 'bad-request'],
    ['POST', '/standup/participants/p9/mute', '{"source":"camera"}', 404, 'no-such-participant'],
    ['POST', '/standup/participants/p1/mute', '{"source":"nose"}', 400, 'bad-request'],
    ['POST', '/standup/participants/p1/mute', '{"source":"camera","x":1}', 400, 'bad-request'],
    ['POST', '/standup/participants/p1/mute', '{', 400, 'bad-request'],
    ['POST', '/standup/participants/p1/mute', '', 400, 'bad-request'],
    ['PUT', '/standup', '{}', 404, 'not-found'],
    ['GET', '/standup/participants', undefined, 404, 'not-found'],
  ])('%s %s with %j is refused', async (method, path, body, status, code) => {
    const answer = await ask(path, { method, ...(body !== undefined && { body }) })
    expect(answer.status).toBe(status)
    expect(answer.json()).toEqual({ code, message: expect.any(String), remedy: expect.any(String) })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(done).toEqual([])
  })

  it('refuses a body of more than 64 KiB, announced or not', async () => {
    for (const header of [{}, { 'transfer-encoding': 'chunked' }]) {
      const headers = { authorization: `Bearer ${admin}`, ...header }
      const body = JSON.stringify({ source: 'x'.repeat(65 * 1024) })
      const answer = await server.ask('/api/rooms/standup/participants/p1/mute', { method: 'POST', headers, body })
      expect(answer.json()).toMatchObject({ code: 'too-large', message: expect.stringContaining('64 KiB') })
    }
  })

  it('lets an admin of one room into that room alone', async () => {
    const token = await server.tokens.mint({ sub: 'host', room: 'standup', grants: { admin: true } }, 60)
    expect((await ask('', { token })).json()).toMatchObject({ rooms: [{ name: 'standup' }] })
    expect((await ask('/standup', { token })).status).toBe(200)
    expect(await ask('/other', { token })).toMatchObject({ status: 403 })
    expect(await ask('/other/media', { token })).toMatchObject({ status: 403 })
    expect((await ask('/other', { token, method: 'DELETE' })).json()).toMatchObject({ code: 'not-allowed' })
    expect(done).toEqual([])
  })

  it('lets nobody else in', async () => {
    const token = (claims: Parameters<typeof server.tokens.mint>[0], seconds = 60) =>
      server.tokens.mint(claims, seconds)
    const refused = [
      ['', 401, 'unauthorized'],
      ['rubbish', 401, 'token-invalid'],
      [await token({ sub: 'ann' }), 403, 'not-allowed'],
      [await token({ sub: 'guest', guest: true, grants: { admin: true } }), 403, 'not-allowed'],
      [await server.tokens.issueTicket('s', 'ops'), 401, 'token-invalid'],
    ] as const
    for (const [credential, status, code] of refused) {
      const answer = await ask('', { token: credential })
      expect([answer.status, answer.json()]).toEqual([status, expect.objectContaining({ code })])
      expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
    }
    now += 61_000
    expect((await ask('', { token: admin })).json()).toMatchObject({ code: 'token-expired' })
  })

  it('makes an address wait that fails too often, and forgets', async () => {
    for (let i = 0; i < 60; i++) expect((await ask('', { token: 'rubbish' })).status).toBe(401)
    const waiting = await ask('', { token: 'rubbish' })
    expect(waiting).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect(waiting.json()).toMatchObject({ code: 'rate-limited' })
    expect((await ask('')).status).toBe(200)
    now += 60_000
    expect((await ask('', { token: 'rubbish' })).status).toBe(401)
  })

  it('answers its own mistakes with a code and no more, and counts them', async () => {
    const { rooms } = server.signaling
    Object.assign(server.signaling, {
      rooms: () => {
        throw new Error('secret detail')
      },
    })
    const answer = await ask('')
    Object.assign(server.signaling, { rooms })
    expect(answer.status).toBe(500)
    expect(answer.json()).toMatchObject({ code: 'internal' })
    expect(answer.text()).not.toContain('secret')
    expect((await server.ask('/metrics')).text()).toContain('parley_errors_total 1')
  })
})

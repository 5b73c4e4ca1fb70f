import type { IceServer } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { imitateBrowser, openSession } from './testing/fake-session.ts'
import { snapshot } from './testing/people.ts'
import type { SessionState } from './types.ts'

imitateBrowser()

const bob = { identity: 'bob', name: 'Bob' }

test('joining the same room twice is one seat and one Room', async () => {
  const { session, server, join } = await openSession(new FakeClock())
  const first = session.join('tea')
  const room = await join()
  expect(await first).toBe(room)
  expect(await session.join('tea')).toBe(room)
  expect(server.link.names()).toEqual([])
})

test('a room that could not be joined can be tried again', async () => {
  const { session, server, join } = await openSession(new FakeClock())
  const full = session.join('tea').catch(error => error)
  await server.link.answerError('room.join', 'room-full')
  expect(await full).toMatchObject({ code: 'room-full' })
  await expect(join()).resolves.toBeDefined()
})

test('closing the session ends its rooms and leaves no timer', async () => {
  const { clock, session, media, join } = await openSession(new FakeClock())
  const room = await join()
  const states: SessionState[] = []
  session.on('state', state => states.push(state))
  session.close()
  session.close()
  expect(room.state.status).toEqual({ status: 'ended', reason: 'session-closed' })
  expect(media[0]?.closed).toBe(true)
  expect(states).toEqual([{ status: 'closed', error: undefined }])
  expect(clock.pending).toBe(0)
  await expect(session.join('tea')).rejects.toMatchObject({ code: 'closed' })
})

test('people: listed, changed, gone; asked for again after everything was lost', async () => {
  const { session, server, comeBack } = await openSession(new FakeClock())
  const present = session.setPresence('available', 'Ann')
  await server.link.answer('presence.set', {})
  await present
  const watching = session.watchPeople()
  await server.link.answer('presence.watch', { people: [{ ...bob, status: 'available' }] })
  const stop = await watching
  const again = await session.watchPeople()
  const pictures: number[] = []
  session.on('presence', people => pictures.push(people.size))
  server.link.tell('presence', { identity: 'carl', name: 'Carl', status: 'away' })
  server.link.tell('presence', { ...bob, status: 'offline' })
  expect([...session.people.keys()]).toEqual(['carl'])
  expect(pictures).toEqual([2, 1])
  await comeBack({ resumed: false })
  expect(server.link.names()).toEqual(['presence.set', 'presence.watch'])
  expect(server.link.input('presence.set')).toEqual({ status: 'available', name: 'Ann' })
  await server.link.answer('presence.set', {})
  await server.link.answer('presence.watch', { people: [] })
  expect(session.people.size).toBe(0)
  stop()
  stop()
  expect(server.link.names()).toEqual([])
  again()
  expect(server.link.input('presence.watch')).toEqual({ watch: false })
})

test('ICE servers are refreshed before they expire, and reach the rooms', async () => {
  const servers = (seconds: number): IceServer[] => [{ urls: ['turn:t'], username: `${seconds}:ann`, credential: 'x' }]
  const now = 1_704_067_200
  const { clock, server, session, media, join } = await openSession(new FakeClock(), {
    iceServers: servers(now + 1000),
  })
  await join()
  expect(media[0]?.servers).toEqual(servers(now + 1000))
  clock.advance(800_000)
  await server.link.answer('ice.servers', { iceServers: servers(now + 9000) })
  expect(session.iceServers).toEqual(servers(now + 9000))
  expect(media[0]?.servers).toEqual(servers(now + 9000))
})

test('rooms tell the server’s time', async () => {
  const { clock, join } = await openSession(new FakeClock(), { at: 5_000 })
  const room = await join()
  clock.advance(250)
  expect(room.serverNow()).toBe(5_250)
})

test('a seat that nobody waits for any more is given up as soon as it is taken', async () => {
  const { session, server, media } = await openSession(new FakeClock())
  const wish = new AbortController()
  const joining = session.join('tea', { signal: wish.signal })
  wish.abort()
  await expect(joining).rejects.toMatchObject({ code: 'closed' })
  expect(server.link.names()).toEqual(['room.join', 'room.leave'])
  const again = session.join('tea')
  expect(server.link.names()).toEqual(['room.join', 'room.leave', 'room.join'])
  await server.link.answer('room.join', snapshot('s1'))
  expect(media).toHaveLength(0)
  await server.link.answer('room.leave', {})
  await server.link.answer('room.join', snapshot('s1'))
  expect((await again).state.status.status).toBe('connected')
  await expect(session.join('tea', { signal: wish.signal })).rejects.toMatchObject({ code: 'closed' })
})

test('who gives up a seat does not take it from another who waits for it, nor from who has it', async () => {
  const { session, server } = await openSession(new FakeClock())
  const wish = new AbortController()
  const mine = session.join('tea', { signal: wish.signal }).catch(error => error)
  const theirs = session.join('tea')
  wish.abort()
  expect(await mine).toMatchObject({ code: 'closed' })
  expect(server.link.names()).toEqual(['room.join'])
  await server.link.answer('room.join', snapshot('s1'))
  const late = new AbortController()
  const room = await session.join('tea', { signal: late.signal })
  late.abort()
  expect(room).toBe(await theirs)
  expect(room.state.status.status).toBe('connected')
})

test('given up between the answer and its promise: left again', async () => {
  const { session, server, media } = await openSession(new FakeClock())
  const wish = new AbortController()
  const joining = session.join('tea', { signal: wish.signal }).catch(error => error)
  const answered = server.link.answer('room.join', snapshot('s1'))
  wish.abort()
  await answered
  expect(await joining).toMatchObject({ code: 'closed' })
  expect(media[0]?.closed).toBe(true)
  expect(server.link.names()).toEqual(['room.leave'])
})

test('with the session end the people who were online', async () => {
  const { session, server } = await openSession(new FakeClock())
  const watching = session.watchPeople()
  await server.link.answer('presence.watch', { people: [{ ...bob, status: 'available' }] })
  await watching
  session.close()
  expect(session.people.size).toBe(0)
})

test('one room is one seat, however its name is written', async () => {
  const { session, server } = await openSession(new FakeClock())
  const rooms = Promise.all(['Tea', 'tea\u200b', ' tea'].map(name => session.join(name)))
  expect(server.link.names()).toEqual(['room.join'])
  await server.link.answer('room.join', snapshot('s1'))
  const [room] = await rooms
  const left = room?.leave()
  await server.link.answer('room.leave', {})
  await left
  void session.join('TEA').catch(() => {})
  expect(server.link.names()).toEqual(['room.join'])
})

test('a browser without WebRTC is told so before it takes a seat', async () => {
  const { session, server } = await openSession(new FakeClock(), {}, false)
  await expect(session.join('tea')).rejects.toMatchObject({ code: 'media-unsupported', remedy: /current browser/ })
  expect(server.link.names()).toEqual([])
})

test('each welcome tells how far this device’s clock is from the server’s', async () => {
  const clock = new FakeClock()
  const { session, comeBack } = await openSession(clock, { at: clock.now() - 3_600_000 })
  expect(session.clockAheadMs).toBe(3_600_000)
  await comeBack({ at: clock.now() + 60_000 })
  expect(session.clockAheadMs).toBeLessThan(0)
})

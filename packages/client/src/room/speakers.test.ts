import type { Speakers } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { settle } from '../testing/fake-link.ts'
import { imitateBrowser, openSession, throughSfu } from '../testing/fake-session.ts'
import { participant, snapshot } from '../testing/people.ts'
import type { Room } from '../types.ts'

imitateBrowser()

const withMicrophone = (id: string) => participant(id, { tracks: [{ id: 'm', source: 'microphone', muted: false }] })

/** Lets so much time pass, with every measurement in it. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 160) {
    clock.advance(160)
    await settle()
  }
}

function heardBy(room: Room): Speakers[] & { stop(): void } {
  const heard: Speakers[] = []
  const stop = room.on('speakers', speakers => heard.push(speakers))
  return Object.assign(heard, { stop })
}

test('in a mesh, it goes by what is heard here, and only while somebody listens', async () => {
  const { clock, join, server } = await openSession(new FakeClock())
  const room = await join([withMicrophone('b')])
  await pass(clock, 2000)
  expect(room.state.speakers).toEqual({ recent: [], speaking: [] })
  const levels = vi.fn()
  const heard = heardBy(room)
  const stop = room.on('levels', levels)
  await pass(clock, 2000)
  expect([...heard]).toEqual([
    { recent: [], speaking: ['b'] },
    { recent: ['b'], speaking: ['b'] },
  ])
  expect(levels).toHaveBeenCalled()
  stop()
  server.link.tell('room.left', { room: 'tea', id: 'b', reason: 'left' })
  expect(room.state.speakers).toEqual({ recent: [], speaking: [] })
  expect(heard.at(-1)).toBe(room.state.speakers)
  heard.stop()
  expect(clock.pending).toBe(0)
})

test('with the SFU, the server says it; people who are not in the room are left out', async () => {
  const { clock, room, server } = await throughSfu(new FakeClock())
  const heard = heardBy(room)
  const said = { recent: ['c', 'gone', 's1'], speaking: ['gone', 'c'] }
  server.link.tell('room.speakers', { room: 'tea', ...said })
  server.link.tell('room.speakers', { room: 'tea', ...said })
  server.link.tell('room.speakers', { room: 'coffee', recent: ['b'], speaking: [] })
  expect([...heard]).toEqual([{ recent: ['c', 's1'], speaking: ['c'] }])
  expect(room.state.speakers).toBe(heard[0])
  // Nothing is measured.
  const before = room.state
  await pass(clock, 1000)
  expect(room.state).toBe(before)
  server.link.tell('room.left', { room: 'tea', id: 'c', reason: 'left' })
  expect(heard.at(-1)).toEqual({ recent: ['s1'], speaking: [] })
})

test('whoever comes later is told with the snapshot', async () => {
  const { session, server } = await openSession(new FakeClock())
  const joining = session.join('tea')
  const speakers = { recent: ['b'], speaking: ['b'] }
  const sfu = { topology: { wish: 'auto', now: 'sfu' }, speakers } as const
  await server.link.answer('room.join', snapshot('s1', [participant('b')], sfu))
  expect((await joining).state.speakers).toEqual(speakers)
})

test('what was said stays the beginning when the server cannot say any more', async () => {
  const { clock, room, server, comeBack } = await throughSfu(new FakeClock())
  const heard = heardBy(room)
  server.link.tell('room.changed', { room: 'tea', participant: withMicrophone('b') })
  server.link.tell('room.speakers', { room: 'tea', recent: ['c'], speaking: ['c'] })
  server.link.tell('room.topology', { room: 'tea', topology: 'mesh' })
  server.link.tell('room.settled', { room: 'tea' })
  await pass(clock, 4000)
  expect(room.state.speakers).toEqual({ recent: ['b', 'c'], speaking: ['b'] })
  server.link.tell('room.topology', { room: 'tea', topology: 'sfu' })
  server.link.tell('room.speakers', { room: 'tea', recent: ['c', 'b'], speaking: [] })
  await pass(clock, 1000)
  expect(room.state.speakers).toEqual({ recent: ['c', 'b'], speaking: [] })
  // Media goes on while the connection is lost, and so do we.
  await comeBack({ resumed: true })
  await pass(clock, 1000)
  expect(room.state.speakers.speaking).toEqual(['b'])
  expect(heard.at(-1)).toBe(room.state.speakers)
})

import type { MediaBody } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { member, TopologyWorld } from '../testing/topology-world.ts'

let world: TopologyWorld
beforeEach(() => {
  world = new TopologyWorld()
})

const body: MediaBody = { side: 'publish', connection: 'c', seq: 0, signal: { kind: 'close' } }

test('what seated people announce and say is passed on, of others nothing', () => {
  world.enter('a', 'b', 'c')
  world.done = []
  world.rooms.update('x', 'a', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(world.media.receive('x', 'a', body)).toBe(true)
  expect(world.media.subscribe('x', 'b', { auto: false })).toBe(true)
  expect(world.done).toEqual([
    ['seat', 'x', 'a', 1],
    ['receive', 'x', 'a', body],
    ['subscribe', 'x', 'b', { auto: false }],
  ])
  world.rooms.enter('y', member('d'), {}, 0)
  world.done = []
  world.rooms.update('y', 'd', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(world.done).toEqual([])
})

test('the SFU hears nothing of a mute, a raised hand, a new name or a note', () => {
  world.enter('a', 'b', 'c')
  const camera = { id: 't', source: 'camera', muted: false } as const
  world.rooms.update('x', 'a', { tracks: [camera] }, 1)
  world.done = []
  world.rooms.update('x', 'a', { tracks: [{ ...camera, muted: true }] }, 2)
  world.rooms.update('x', 'a', { hand: true }, 3)
  world.rooms.update('x', 'a', { name: 'Ann' }, 4)
  world.rooms.update('x', 'a', { metadata: 'back in five minutes' }, 5)
  expect(world.done).toEqual([])
  world.rooms.update('x', 'a', { tracks: [{ ...camera, id: 'u' }] }, 6)
  world.rooms.update('x', 'a', { tracks: [{ ...camera, id: 'u', source: 'screen' }] }, 7)
  world.rooms.update('x', 'a', { tracks: [{ ...camera, id: 'u', source: 'screen', encrypted: true }] }, 8)
  world.rooms.update('x', 'a', { tracks: [] }, 9)
  expect(world.done).toEqual([
    ['seat', 'x', 'a', 1],
    ['seat', 'x', 'a', 1],
    ['seat', 'x', 'a', 1],
    ['seat', 'x', 'a', 0],
  ])
})

test('an SFU that was started anew gets everybody back, and they are told', () => {
  world.enter('a', 'b', 'c')
  world.rooms.enter('y', member('d'), {}, 0)
  world.tape.take('a')
  world.done = []
  world.media.lost(5)
  expect(world.done.map(([verb, room, id]) => [verb, room, id])).toEqual([
    ['seat', 'x', 'a'],
    ['seat', 'x', 'b'],
    ['seat', 'x', 'c'],
  ])
  expect(world.heard('a')).toEqual([['media.lost', { room: 'x' }]])
  expect(world.heard('d')).toEqual([])
})

test('who came by HTTP is seated like everybody else, and is gone with an SFU that was started anew', () => {
  world.enter('a', 'b')
  world.rooms.enter('x', member('cam', { via: 'whip' }), {}, 0)
  expect(
    world
      .verbs()
      .map(([verb, id]) => `${verb} ${id}`)
      .sort(),
  ).toEqual(['seat a', 'seat b', 'seat cam'])
  world.media.lost(5)
  expect(world.verbs()).toEqual([
    ['unseat', 'cam'],
    ['seat', 'a'],
    ['seat', 'b'],
  ])
  expect(world.rooms.get('x').find('cam')).toBeUndefined()
  expect(world.tape.take('a').some(([event]) => event === 'room.left')).toBe(true)
})

test('a room that is closed leaves nothing behind', () => {
  world.enter('a', 'b', 'c')
  world.done = []
  world.rooms.close('x', 1)
  expect(world.done).toEqual([
    ['unseat', 'x', 'a'],
    ['unseat', 'x', 'b'],
    ['unseat', 'x', 'c'],
  ])
  expect(world.media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

const speaks = (...recent: string[]) => ({ recent, speaking: recent.slice(0, 1) })

test('who speaks is told to everybody in the room and to whoever comes later, until the SFU is left', () => {
  world.enter('a', 'b', 'c')
  world.tape.take('a')
  world.media.speakers('x', speaks('b', 'a'), 1)
  expect(world.tape.take('a')).toEqual([['room.speakers', { room: 'x', ...speaks('b', 'a') }]])
  const [{ speakers } = expect.unreachable()] = world.enter('d')
  expect(speakers).toEqual(speaks('b', 'a'))
  // Of somebody who has left, nothing is told, even if the SFU has not heard of that.
  world.rooms.leave('x', 'b', 'left', 2)
  expect(world.rooms.get('x').speakers).toEqual({ recent: ['a'], speaking: [] })
  world.media.speakers('x', speaks('b', 'c'), 3)
  expect(world.rooms.get('x').speakers).toEqual({ recent: ['c'], speaking: [] })
  world.media.lost(4)
  expect(world.rooms.get('x').speakers).toBeUndefined()
  world.media.speakers('x', speaks('c'), 5)
  world.rooms.leave('x', 'c', 'left', 6)
  world.media.timeout(60_000)
  expect(world.rooms.get('x').topology.now).toBe('mesh')
  expect(world.rooms.get('x').speakers).toBeUndefined()
  world.tape.take('a')
  world.media.speakers('x', speaks('a'), 60_001)
  world.media.speakers('nowhere', speaks('a'), 60_001)
  expect(world.tape.take('a')).toEqual([])
})

test('how well world.media get through is told to everybody, and to whoever comes later, until the SFU is left', () => {
  world.enter('a', 'b', 'c')
  world.tape.take('a')
  const quality = { score: 2, reason: 'uplink-loss' } as const
  world.media.quality('x', 'b', quality, 1)
  expect(world.tape.take('a')).toEqual([['room.quality', { room: 'x', participant: 'b', ...quality }]])
  const [{ qualities } = expect.unreachable()] = world.enter('d')
  expect(qualities).toEqual([{ participant: 'b', ...quality }])
  world.tape.take('a')
  world.media.quality('x', 'nobody', quality, 2)
  world.media.quality('nowhere', 'a', quality, 2)
  expect(world.tape.take('a')).toEqual([])
  world.rooms.leave('x', 'b', 'left', 3)
  expect(world.rooms.get('x').qualities.size).toBe(0)
  world.media.quality('x', 'a', quality, 4)
  world.media.lost(5)
  expect(world.rooms.get('x').qualities.size).toBe(0)
  world.media.quality('x', 'a', quality, 6)
  world.rooms.leave('x', 'd', 'left', 7)
  world.media.timeout(60_000)
  expect(world.rooms.get('x').topology.now).toBe('mesh')
  expect(world.enter('b')[0]?.qualities).toBeUndefined()
})

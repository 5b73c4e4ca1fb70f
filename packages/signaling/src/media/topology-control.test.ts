import type { MediaBody } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { member, TopologyWorld } from '../testing/topology-world.ts'

let world: TopologyWorld
beforeEach(() => {
  world = new TopologyWorld()
})

const toSfu = ['room.topology', { room: 'x', topology: 'sfu' }]
const toMesh = ['room.topology', { room: 'x', topology: 'mesh' }]
const settled = ['room.settled', { room: 'x' }]
const body: MediaBody = { side: 'publish', connection: 'c', seq: 0, signal: { kind: 'close' } }

test('two are a mesh; the third lifts everybody and finds it so', () => {
  const [, second] = world.enter('a', 'b')
  expect(second?.topology).toEqual({ wish: 'auto', now: 'mesh' })
  expect(world.done).toEqual([])
  const [third] = world.enter('c')
  expect(third?.topology).toEqual({ wish: 'auto', now: 'sfu' })
  expect(world.done.map(([verb, , id]) => [verb, id])).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
    ['seat', 'c'],
  ])
  expect([world.heard('a'), world.heard('b'), world.heard('c')]).toEqual([[toSfu], [toSfu], []])
})

/** `a` and `b`, who were three and have just been told to be a mesh again, at 30 s. */
function backToMesh() {
  world.enter('a', 'b', 'c')
  world.rooms.leave('x', 'c', 'left', 0)
  world.media.timeout(30_000)
  for (const id of ['a', 'b']) world.tape.take(id)
  world.done = []
}

test('two who are left go back to a mesh after 30 s, and keep their seats until both can do without', () => {
  world.enter('a', 'b', 'c')
  world.tape.take('a')
  world.done = []
  world.rooms.leave('x', 'c', 'left', 1000)
  expect(world.verbs()).toEqual([['unseat', 'c']])
  expect(world.wokenAt).toBe(31_000)
  expect(world.media.timeout(30_999)).toBe(31_000)
  expect(world.heard('a')).toEqual([])
  expect(world.media.timeout(31_000)).toBe(51_000)
  expect(world.heard('a')).toEqual([toMesh])
  world.report('a', 'mesh', 'settled', 32_000)
  world.report('a', 'mesh', 'settled', 32_000)
  expect(world.heard('a')).toEqual([])
  expect(world.media.receive('x', 'a', body)).toBe(true)
  world.done = []
  world.report('b', 'mesh', 'settled', 33_000)
  expect([world.heard('a'), world.heard('b').slice(-1)]).toEqual([[settled], [settled]])
  expect(world.verbs()).toEqual([
    ['unseat', 'a'],
    ['unseat', 'b'],
  ])
  expect(world.media.receive('x', 'a', body)).toBe(false)
  expect(world.media.timeout(51_000)).toBe(Number.POSITIVE_INFINITY)
})

test('a mesh that does not come about in 20 s is given up, and not tried again by the same two', () => {
  backToMesh()
  world.report('a', 'mesh', 'settled', 31_000)
  expect(world.media.timeout(49_999)).toBe(50_000)
  expect(world.media.timeout(50_000)).toBe(Number.POSITIVE_INFINITY)
  expect(world.heard('a')).toEqual([toSfu])
  expect(world.verbs().some(([verb]) => verb === 'unseat')).toBe(false)
  expect(world.media.receive('x', 'a', body)).toBe(true)
  expect(world.media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

test('one who finds no path ends the attempt at once', () => {
  backToMesh()
  world.report('b', 'mesh', 'failed', 45_000)
  world.report('a', 'mesh', 'failed', 45_000)
  world.report('a', 'mesh', 'settled', 45_000)
  expect(world.heard('a')).toEqual([toSfu])
  expect(world.media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

test('two whose mesh never connects are lifted to the SFU, and tried again with other people', () => {
  world.enter('a', 'b')
  for (const id of ['a', 'b']) world.tape.take(id)
  world.report('a', 'mesh', 'failed', 15_000)
  world.report('b', 'mesh', 'failed', 15_000)
  expect([world.heard('a'), world.heard('b')]).toEqual([[toSfu], [toSfu]])
  expect(world.verbs()).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
  ])
  for (const id of ['a', 'b']) world.report(id, 'sfu', 'settled', 16_000)
  expect(world.heard('a')).toEqual([settled])
  expect(world.media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
  world.rooms.leave('x', 'b', 'left', 2e9)
  world.rooms.enter('x', member('d'), {}, 2e9)
  expect(world.media.timeout(2e9)).toBe(2e9 + 30_000)
})

test('a path that fails later lifts two as well', () => {
  backToMesh()
  for (const id of ['a', 'b']) world.report(id, 'mesh', 'settled', 31_000)
  world.report('a', 'mesh', 'failed', 900_000)
  expect(world.heard('b')).toEqual([settled, toSfu])
})

test('a mesh that was asked for stays one, and so does one without an SFU', () => {
  world.rooms.enter('x', member('a'), { wish: 'mesh' }, 0)
  world.enter('b')
  world.report('a', 'mesh', 'failed', 1)
  expect(world.heard('a')).toEqual([])
  world.available = false
  world.rooms.enter('y', member('a'), {}, 0)
  world.media.report('y', 'a', 'mesh', 'failed', 1)
  expect(world.heard('a')).toEqual([])
  expect(world.done).toEqual([])
})

test('where neither way comes about the room changes twice, however often that is said, and both stay open', () => {
  world.enter('a', 'b')
  world.tape.take('a')
  world.report('a', 'mesh', 'failed', 0)
  world.report('a', 'sfu', 'failed', 1)
  world.report('b', 'sfu', 'failed', 20_000)
  expect(world.media.timeout(30_001)).toBe(50_001)
  expect(world.media.timeout(50_001)).toBe(Number.POSITIVE_INFINITY)
  for (let now = 60_000; now < 1e6; now += 10_000) {
    for (const topology of ['mesh', 'sfu'] as const) world.report('a', topology, 'failed', now)
    world.media.timeout(now)
  }
  expect(world.heard('a')).toEqual([toSfu, toMesh])
  expect(world.media.receive('x', 'a', body)).toBe(true)
  for (const id of ['a', 'b']) world.report(id, 'mesh', 'settled', 1e6)
  expect(world.media.receive('x', 'a', body)).toBe(false)
})

test('the three whom the SFU fails stay there: there is no other way for them', () => {
  world.enter('a', 'b', 'c')
  world.tape.take('a')
  world.report('a', 'sfu', 'failed', 1)
  expect(world.media.timeout(1)).toBe(Number.POSITIVE_INFINITY)
  expect(world.heard('a')).toEqual([])
})

test('the old mesh is needed until those two have everything by the SFU who had it', () => {
  world.enter('a', 'b', 'c')
  for (const id of ['a', 'b', 'c']) world.tape.take(id)
  world.report('c', 'sfu', 'settled', 1)
  world.report('a', 'sfu', 'settled', 2)
  expect(world.heard('a')).toEqual([])
  world.report('b', 'sfu', 'settled', 3)
  expect([world.heard('a'), world.heard('c')]).toEqual([[settled], [settled]])
  expect(world.media.receive('x', 'a', body)).toBe(true)
})

test('who leaves is not waited for', () => {
  world.enter('a', 'b', 'c')
  world.tape.take('a')
  world.report('a', 'sfu', 'settled', 1)
  world.rooms.leave('x', 'b', 'lost', 2)
  expect(world.heard('a')).toEqual([settled])
})

test('who has an old way of which the server knows nothing is told alone that nobody needs it', () => {
  world.enter('a', 'b')
  for (const id of ['a', 'b']) world.tape.take(id)
  world.report('a', 'mesh', 'settled', 1)
  expect([world.heard('a'), world.heard('b')]).toEqual([[settled], []])
})

test('what is said of a way that the room has left, or of a room that is gone, comes too late', () => {
  backToMesh()
  world.report('a', 'sfu', 'settled', 31_000)
  world.report('b', 'sfu', 'failed', 31_000)
  world.media.report('nowhere', 'a', 'mesh', 'failed', 31_000)
  expect(world.heard('a')).toEqual([])
  expect(world.media.timeout(31_000)).toBe(50_000)
})

test('who comes back in time changes nothing', () => {
  world.enter('a', 'b', 'c')
  world.rooms.leave('x', 'c', 'left', 1000)
  world.rooms.enter('x', member('d'), {}, 20_000)
  world.tape.take('a')
  expect(world.media.timeout(31_000)).toBe(Number.POSITIVE_INFINITY)
  expect(world.heard('a')).toEqual([])
})

test('who comes while both ways are open: all go on by the one that never ended', () => {
  backToMesh()
  world.report('a', 'mesh', 'settled', 31_000)
  world.rooms.enter('x', member('d'), {}, 40_000)
  expect(world.heard('a')).toEqual([toSfu])
  expect(world.heard('d')).toEqual([])
  expect(world.verbs()).toEqual([['seat', 'd']]) // The others have never lost theirs.
  expect(world.media.timeout(60_000)).toBe(Number.POSITIVE_INFINITY)
  expect(world.media.receive('x', 'a', body)).toBe(true)
})

test('who comes when the SFU was given up already lifts the two anew', () => {
  backToMesh()
  for (const id of ['a', 'b']) world.report(id, 'mesh', 'settled', 31_000)
  world.done = []
  world.rooms.enter('x', member('d'), {}, 31_500)
  expect(world.verbs()).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
    ['seat', 'd'],
  ])
})

test('who takes the other’s place while both ways are open needs no seat at the SFU, but for a mesh that fails', () => {
  backToMesh()
  world.rooms.leave('x', 'b', 'left', 31_000)
  world.done = []
  world.rooms.enter('x', member('d'), {}, 32_000)
  world.rooms.update('x', 'd', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 32_000)
  expect(world.done).toEqual([])
  expect(world.media.timeout(50_000)).toBe(52_000)
  world.media.timeout(52_000)
  expect(world.heard('a')).toEqual([toSfu])
  expect(world.media.receive('x', 'd', body)).toBe(true)
})

test('a room made as a mesh stays one, one made for the SFU begins there', () => {
  world.rooms.enter('x', member('a'), { wish: 'mesh' }, 0)
  world.enter('b', 'c', 'd')
  expect(world.done).toEqual([])
  const { topology } = world.rooms.enter('y', member('a'), { wish: 'sfu' }, 0)
  expect(topology).toEqual({ wish: 'sfu', now: 'sfu' })
  expect(world.done).toEqual([['seat', 'y', 'a', 0]])
})

test('a room that outlived its server begins the way it was, if it may', () => {
  const { topology } = world.rooms.enter('x', member('a'), { now: 'sfu' }, 0)
  expect(topology).toEqual({ wish: 'auto', now: 'sfu' })
  world.enter('b', 'c')
  expect(world.heard('a')).toEqual([])
  expect(world.media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
  expect(world.rooms.enter('m', member('d'), { wish: 'mesh', now: 'sfu' }, 0).topology.now).toBe('mesh')
  expect(world.rooms.enter('s', member('d'), { wish: 'sfu', now: 'mesh' }, 0).topology.now).toBe('sfu')
  world.available = false
  expect(world.rooms.enter('n', member('d'), { wish: 'sfu', now: 'sfu' }, 0).topology.now).toBe('mesh')
})

test('where only some come back after a restart, they are a mesh after 30 s', () => {
  world.rooms.enter('x', member('a'), { now: 'sfu' }, 0)
  world.enter('b')
  expect(world.media.timeout(30_000)).toBe(50_000)
  expect(world.heard('a')).toEqual([toMesh])
})

test('one who is reached through the SFU alone lifts a room of two, until they go', () => {
  world.enter('a')
  world.rooms.enter('x', member('b', { via: 'whip' }), {}, 0)
  expect(world.heard('a')).toEqual([toSfu])
  world.rooms.leave('x', 'b', 'left', 5)
  expect(world.media.timeout(5)).toBe(30_005)
})

test('without an SFU every room is a mesh', () => {
  world.available = false
  world.rooms.enter('x', member('a'), { wish: 'sfu' }, 0)
  world.enter('b', 'c', 'd')
  expect(world.done).toEqual([])
  expect([world.media.receive('x', 'a', body), world.media.subscribe('x', 'a', { auto: true })]).toEqual([false, false])
})

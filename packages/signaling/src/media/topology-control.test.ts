import type { MediaBody, MediaState, Topology } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { createHoldings } from '../holdings.ts'
import { defaultLimits } from '../limits.ts'
import type { MediaPlane } from '../ports.ts'
import type { Member } from '../rooms/meeting-room.ts'
import { Rooms } from '../rooms/rooms.ts'
import { Tape } from '../testing/tape.ts'
import { TopologyControl } from './topology-control.ts'

type Done = [verb: string, ...what: unknown[]]

let tape: Tape
let rooms: Rooms
let media: TopologyControl
let done: Done[]
let wokenAt: number
let available: boolean

beforeEach(() => {
  tape = new Tape()
  done = []
  wokenAt = Number.POSITIVE_INFINITY
  available = true
  const outbox = tape.outbox()
  const plane: MediaPlane = {
    get available() {
      return available
    },
    seat: (room, { id, tracks }) => done.push(['seat', room, id, tracks.length]),
    unseat: (room, id) => done.push(['unseat', room, id]),
    receive: (room, id, body) => done.push(['receive', room, id, body]),
    subscribe: (room, id, wishes) => done.push(['subscribe', room, id, wishes]),
  }
  media = new TopologyControl({
    plane,
    outbox,
    lose: (room, id, now) => void rooms.leave(room, id, 'lost', now),
    wake(at) {
      wokenAt = Math.min(wokenAt, at)
    },
  })
  rooms = new Rooms({
    outbox,
    media,
    holdings: createHoldings(defaultLimits),
    settings: { capacity: 100, wish: 'auto' },
  })
  for (const id of ['a', 'b', 'c', 'd']) {
    outbox.open(id)
    outbox.subscribe(id, `session:${id}`)
  }
})

const member = (id: string, more: Partial<Member> = {}): Member => ({
  id,
  identity: id,
  name: id,
  metadata: undefined,
  subscribe: true,
  source: '192.0.2.1',
  ...more,
})
const enter = (...ids: string[]) => ids.map(id => rooms.enter('x', member(id), {}, 0))
const ofMedia: readonly string[] = ['room.topology', 'room.settled', 'media.lost']
const heard = (id: string) => tape.take(id).filter(([event]) => ofMedia.includes(event))
const verbs = () => done.splice(0).map(([verb, , id]) => [verb, id])
const report = (id: string, topology: Topology, state: MediaState, now: number) =>
  media.report('x', id, topology, state, now)
const toSfu = ['room.topology', { room: 'x', topology: 'sfu' }]
const toMesh = ['room.topology', { room: 'x', topology: 'mesh' }]
const settled = ['room.settled', { room: 'x' }]
const body: MediaBody = { side: 'publish', connection: 'c', seq: 0, signal: { kind: 'close' } }

test('two are a mesh; the third lifts everybody and finds it so', () => {
  const [, second] = enter('a', 'b')
  expect(second?.topology).toEqual({ wish: 'auto', now: 'mesh' })
  expect(done).toEqual([])
  const [third] = enter('c')
  expect(third?.topology).toEqual({ wish: 'auto', now: 'sfu' })
  expect(done.map(([verb, , id]) => [verb, id])).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
    ['seat', 'c'],
  ])
  expect([heard('a'), heard('b'), heard('c')]).toEqual([[toSfu], [toSfu], []])
})

/** `a` and `b`, who were three and have just been told to be a mesh again, at 30 s. */
function backToMesh() {
  enter('a', 'b', 'c')
  rooms.leave('x', 'c', 'left', 0)
  media.timeout(30_000)
  for (const id of ['a', 'b']) tape.take(id)
  done = []
}

test('two who are left go back to a mesh after 30 s, and keep their seats until both can do without', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  done = []
  rooms.leave('x', 'c', 'left', 1000)
  expect(verbs()).toEqual([['unseat', 'c']])
  expect(wokenAt).toBe(31_000)
  expect(media.timeout(30_999)).toBe(31_000)
  expect(heard('a')).toEqual([])
  expect(media.timeout(31_000)).toBe(51_000)
  expect(heard('a')).toEqual([toMesh])
  report('a', 'mesh', 'settled', 32_000)
  report('a', 'mesh', 'settled', 32_000)
  expect(heard('a')).toEqual([])
  expect(media.receive('x', 'a', body)).toBe(true)
  done = []
  report('b', 'mesh', 'settled', 33_000)
  expect([heard('a'), heard('b').slice(-1)]).toEqual([[settled], [settled]])
  expect(verbs()).toEqual([
    ['unseat', 'a'],
    ['unseat', 'b'],
  ])
  expect(media.receive('x', 'a', body)).toBe(false)
  expect(media.timeout(51_000)).toBe(Number.POSITIVE_INFINITY)
})

test('a mesh that does not come about in 20 s is given up, and not tried again by the same two', () => {
  backToMesh()
  report('a', 'mesh', 'settled', 31_000)
  expect(media.timeout(49_999)).toBe(50_000)
  expect(media.timeout(50_000)).toBe(Number.POSITIVE_INFINITY)
  expect(heard('a')).toEqual([toSfu])
  expect(verbs().some(([verb]) => verb === 'unseat')).toBe(false)
  expect(media.receive('x', 'a', body)).toBe(true)
  expect(media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

test('one who finds no path ends the attempt at once', () => {
  backToMesh()
  report('b', 'mesh', 'failed', 45_000)
  report('a', 'mesh', 'failed', 45_000)
  report('a', 'mesh', 'settled', 45_000)
  expect(heard('a')).toEqual([toSfu])
  expect(media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

test('two whose mesh never connects are lifted to the SFU, and tried again with other people', () => {
  enter('a', 'b')
  for (const id of ['a', 'b']) tape.take(id)
  report('a', 'mesh', 'failed', 15_000)
  report('b', 'mesh', 'failed', 15_000)
  expect([heard('a'), heard('b')]).toEqual([[toSfu], [toSfu]])
  expect(verbs()).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
  ])
  for (const id of ['a', 'b']) report(id, 'sfu', 'settled', 16_000)
  expect(heard('a')).toEqual([settled])
  expect(media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
  rooms.leave('x', 'b', 'left', 2e9)
  rooms.enter('x', member('d'), {}, 2e9)
  expect(media.timeout(2e9)).toBe(2e9 + 30_000)
})

test('a path that fails later lifts two as well', () => {
  backToMesh()
  for (const id of ['a', 'b']) report(id, 'mesh', 'settled', 31_000)
  report('a', 'mesh', 'failed', 900_000)
  expect(heard('b')).toEqual([settled, toSfu])
})

test('a mesh that was asked for stays one, and so does one without an SFU', () => {
  rooms.enter('x', member('a'), { wish: 'mesh' }, 0)
  enter('b')
  report('a', 'mesh', 'failed', 1)
  expect(heard('a')).toEqual([])
  available = false
  rooms.enter('y', member('a'), {}, 0)
  media.report('y', 'a', 'mesh', 'failed', 1)
  expect(heard('a')).toEqual([])
  expect(done).toEqual([])
})

test('where neither way comes about the room changes twice, however often that is said, and both stay open', () => {
  enter('a', 'b')
  tape.take('a')
  report('a', 'mesh', 'failed', 0)
  report('a', 'sfu', 'failed', 1)
  report('b', 'sfu', 'failed', 20_000)
  expect(media.timeout(30_001)).toBe(50_001)
  expect(media.timeout(50_001)).toBe(Number.POSITIVE_INFINITY)
  for (let now = 60_000; now < 1e6; now += 10_000) {
    for (const topology of ['mesh', 'sfu'] as const) report('a', topology, 'failed', now)
    media.timeout(now)
  }
  expect(heard('a')).toEqual([toSfu, toMesh])
  expect(media.receive('x', 'a', body)).toBe(true)
  for (const id of ['a', 'b']) report(id, 'mesh', 'settled', 1e6)
  expect(media.receive('x', 'a', body)).toBe(false)
})

test('the three whom the SFU fails stay there: there is no other way for them', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  report('a', 'sfu', 'failed', 1)
  expect(media.timeout(1)).toBe(Number.POSITIVE_INFINITY)
  expect(heard('a')).toEqual([])
})

test('the old mesh is needed until those two have everything by the SFU who had it', () => {
  enter('a', 'b', 'c')
  for (const id of ['a', 'b', 'c']) tape.take(id)
  report('c', 'sfu', 'settled', 1)
  report('a', 'sfu', 'settled', 2)
  expect(heard('a')).toEqual([])
  report('b', 'sfu', 'settled', 3)
  expect([heard('a'), heard('c')]).toEqual([[settled], [settled]])
  expect(media.receive('x', 'a', body)).toBe(true)
})

test('who leaves is not waited for', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  report('a', 'sfu', 'settled', 1)
  rooms.leave('x', 'b', 'lost', 2)
  expect(heard('a')).toEqual([settled])
})

test('who has an old way of which the server knows nothing is told alone that nobody needs it', () => {
  enter('a', 'b')
  for (const id of ['a', 'b']) tape.take(id)
  report('a', 'mesh', 'settled', 1)
  expect([heard('a'), heard('b')]).toEqual([[settled], []])
})

test('what is said of a way that the room has left, or of a room that is gone, comes too late', () => {
  backToMesh()
  report('a', 'sfu', 'settled', 31_000)
  report('b', 'sfu', 'failed', 31_000)
  media.report('nowhere', 'a', 'mesh', 'failed', 31_000)
  expect(heard('a')).toEqual([])
  expect(media.timeout(31_000)).toBe(50_000)
})

test('who comes back in time changes nothing', () => {
  enter('a', 'b', 'c')
  rooms.leave('x', 'c', 'left', 1000)
  rooms.enter('x', member('d'), {}, 20_000)
  tape.take('a')
  expect(media.timeout(31_000)).toBe(Number.POSITIVE_INFINITY)
  expect(heard('a')).toEqual([])
})

test('who comes while both ways are open: all go on by the one that never ended', () => {
  backToMesh()
  report('a', 'mesh', 'settled', 31_000)
  rooms.enter('x', member('d'), {}, 40_000)
  expect(heard('a')).toEqual([toSfu])
  expect(heard('d')).toEqual([])
  expect(verbs()).toEqual([['seat', 'd']]) // The others have never lost theirs.
  expect(media.timeout(60_000)).toBe(Number.POSITIVE_INFINITY)
  expect(media.receive('x', 'a', body)).toBe(true)
})

test('who comes when the SFU was given up already lifts the two anew', () => {
  backToMesh()
  for (const id of ['a', 'b']) report(id, 'mesh', 'settled', 31_000)
  done = []
  rooms.enter('x', member('d'), {}, 31_500)
  expect(verbs()).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
    ['seat', 'd'],
  ])
})

test('who takes the other’s place while both ways are open needs no seat at the SFU, but for a mesh that fails', () => {
  backToMesh()
  rooms.leave('x', 'b', 'left', 31_000)
  done = []
  rooms.enter('x', member('d'), {}, 32_000)
  rooms.update('x', 'd', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 32_000)
  expect(done).toEqual([])
  expect(media.timeout(50_000)).toBe(52_000)
  media.timeout(52_000)
  expect(heard('a')).toEqual([toSfu])
  expect(media.receive('x', 'd', body)).toBe(true)
})

test('a room made as a mesh stays one, one made for the SFU begins there', () => {
  rooms.enter('x', member('a'), { wish: 'mesh' }, 0)
  enter('b', 'c', 'd')
  expect(done).toEqual([])
  const { topology } = rooms.enter('y', member('a'), { wish: 'sfu' }, 0)
  expect(topology).toEqual({ wish: 'sfu', now: 'sfu' })
  expect(done).toEqual([['seat', 'y', 'a', 0]])
})

test('a room that outlived its server begins the way it was, if it may', () => {
  const { topology } = rooms.enter('x', member('a'), { now: 'sfu' }, 0)
  expect(topology).toEqual({ wish: 'auto', now: 'sfu' })
  enter('b', 'c')
  expect(heard('a')).toEqual([])
  expect(media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
  expect(rooms.enter('m', member('d'), { wish: 'mesh', now: 'sfu' }, 0).topology.now).toBe('mesh')
  expect(rooms.enter('s', member('d'), { wish: 'sfu', now: 'mesh' }, 0).topology.now).toBe('sfu')
  available = false
  expect(rooms.enter('n', member('d'), { wish: 'sfu', now: 'sfu' }, 0).topology.now).toBe('mesh')
})

test('where only some come back after a restart, they are a mesh after 30 s', () => {
  rooms.enter('x', member('a'), { now: 'sfu' }, 0)
  enter('b')
  expect(media.timeout(30_000)).toBe(50_000)
  expect(heard('a')).toEqual([toMesh])
})

test('one who is reached through the SFU alone lifts a room of two, until they go', () => {
  enter('a')
  rooms.enter('x', member('b', { via: 'whip' }), {}, 0)
  expect(heard('a')).toEqual([toSfu])
  rooms.leave('x', 'b', 'left', 5)
  expect(media.timeout(5)).toBe(30_005)
})

test('without an SFU every room is a mesh', () => {
  available = false
  rooms.enter('x', member('a'), { wish: 'sfu' }, 0)
  enter('b', 'c', 'd')
  expect(done).toEqual([])
  expect([media.receive('x', 'a', body), media.subscribe('x', 'a', { auto: true })]).toEqual([false, false])
})

test('what seated people announce and say is passed on, of others nothing', () => {
  enter('a', 'b', 'c')
  done = []
  rooms.update('x', 'a', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(media.receive('x', 'a', body)).toBe(true)
  expect(media.subscribe('x', 'b', { auto: false })).toBe(true)
  expect(done).toEqual([
    ['seat', 'x', 'a', 1],
    ['receive', 'x', 'a', body],
    ['subscribe', 'x', 'b', { auto: false }],
  ])
  rooms.enter('y', member('d'), {}, 0)
  done = []
  rooms.update('y', 'd', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(done).toEqual([])
})

test('the SFU hears nothing of a mute, a raised hand, a new name or a note', () => {
  enter('a', 'b', 'c')
  const camera = { id: 't', source: 'camera', muted: false } as const
  rooms.update('x', 'a', { tracks: [camera] }, 1)
  done = []
  rooms.update('x', 'a', { tracks: [{ ...camera, muted: true }] }, 2)
  rooms.update('x', 'a', { hand: true }, 3)
  rooms.update('x', 'a', { name: 'Ann' }, 4)
  rooms.update('x', 'a', { metadata: 'back in five minutes' }, 5)
  expect(done).toEqual([])
  rooms.update('x', 'a', { tracks: [{ ...camera, id: 'u' }] }, 6)
  rooms.update('x', 'a', { tracks: [{ ...camera, id: 'u', source: 'screen' }] }, 7)
  rooms.update('x', 'a', { tracks: [] }, 8)
  expect(done).toEqual([
    ['seat', 'x', 'a', 1],
    ['seat', 'x', 'a', 1],
    ['seat', 'x', 'a', 0],
  ])
})

test('an SFU that was started anew gets everybody back, and they are told', () => {
  enter('a', 'b', 'c')
  rooms.enter('y', member('d'), {}, 0)
  tape.take('a')
  done = []
  media.lost(5)
  expect(done.map(([verb, room, id]) => [verb, room, id])).toEqual([
    ['seat', 'x', 'a'],
    ['seat', 'x', 'b'],
    ['seat', 'x', 'c'],
  ])
  expect(heard('a')).toEqual([['media.lost', { room: 'x' }]])
  expect(heard('d')).toEqual([])
})

test('who came by HTTP is seated like everybody else, and is gone with an SFU that was started anew', () => {
  enter('a', 'b')
  rooms.enter('x', member('cam', { via: 'whip' }), {}, 0)
  expect(
    verbs()
      .map(([verb, id]) => `${verb} ${id}`)
      .sort(),
  ).toEqual(['seat a', 'seat b', 'seat cam'])
  media.lost(5)
  expect(verbs()).toEqual([
    ['unseat', 'cam'],
    ['seat', 'a'],
    ['seat', 'b'],
  ])
  expect(rooms.get('x').find('cam')).toBeUndefined()
  expect(tape.take('a').some(([event]) => event === 'room.left')).toBe(true)
})

test('a room that is closed leaves nothing behind', () => {
  enter('a', 'b', 'c')
  done = []
  rooms.close('x', 1)
  expect(done).toEqual([
    ['unseat', 'x', 'a'],
    ['unseat', 'x', 'b'],
    ['unseat', 'x', 'c'],
  ])
  expect(media.timeout(1e9)).toBe(Number.POSITIVE_INFINITY)
})

const speaks = (...recent: string[]) => ({ recent, speaking: recent.slice(0, 1) })

test('who speaks is told to everybody in the room and to whoever comes later, until the SFU is left', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  media.speakers('x', speaks('b', 'a'), 1)
  expect(tape.take('a')).toEqual([['room.speakers', { room: 'x', ...speaks('b', 'a') }]])
  const [{ speakers } = expect.unreachable()] = enter('d')
  expect(speakers).toEqual(speaks('b', 'a'))
  // Of somebody who has left, nothing is told, even if the SFU has not heard of that.
  rooms.leave('x', 'b', 'left', 2)
  expect(rooms.get('x').speakers).toEqual({ recent: ['a'], speaking: [] })
  media.speakers('x', speaks('b', 'c'), 3)
  expect(rooms.get('x').speakers).toEqual({ recent: ['c'], speaking: [] })
  media.lost(4)
  expect(rooms.get('x').speakers).toBeUndefined()
  media.speakers('x', speaks('c'), 5)
  rooms.leave('x', 'c', 'left', 6)
  media.timeout(60_000)
  expect(rooms.get('x').topology.now).toBe('mesh')
  expect(rooms.get('x').speakers).toBeUndefined()
  tape.take('a')
  media.speakers('x', speaks('a'), 60_001)
  media.speakers('nowhere', speaks('a'), 60_001)
  expect(tape.take('a')).toEqual([])
})

test('how well media get through is told to everybody, and to whoever comes later, until the SFU is left', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  const quality = { score: 2, reason: 'uplink-loss' } as const
  media.quality('x', 'b', quality, 1)
  expect(tape.take('a')).toEqual([['room.quality', { room: 'x', participant: 'b', ...quality }]])
  const [{ qualities } = expect.unreachable()] = enter('d')
  expect(qualities).toEqual([{ participant: 'b', ...quality }])
  tape.take('a')
  media.quality('x', 'nobody', quality, 2)
  media.quality('nowhere', 'a', quality, 2)
  expect(tape.take('a')).toEqual([])
  rooms.leave('x', 'b', 'left', 3)
  expect(rooms.get('x').qualities.size).toBe(0)
})

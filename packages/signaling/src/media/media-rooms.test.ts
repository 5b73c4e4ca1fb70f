import type { MediaBody } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import type { MediaPlane } from '../ports.ts'
import type { Member } from '../rooms/room.ts'
import { Rooms } from '../rooms/rooms.ts'
import { Tape } from '../testing/tape.ts'
import { MediaRooms } from './media-rooms.ts'

type Done = [verb: string, ...what: unknown[]]

let tape: Tape
let rooms: Rooms
let media: MediaRooms
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
  media = new MediaRooms({
    plane,
    outbox,
    lose: (room, id, now) => void rooms.leave(room, id, 'lost', now),
    wake(at) {
      wokenAt = Math.min(wokenAt, at)
    },
  })
  rooms = new Rooms({ outbox, media, design: { capacity: 100, wish: 'auto' } })
  for (const id of ['a', 'b', 'c', 'd']) outbox.open(id)
})

const member = (id: string, more: Partial<Member> = {}): Member => ({
  id,
  identity: id,
  name: id,
  metadata: undefined,
  subscribe: true,
  ...more,
})
const enter = (...ids: string[]) => ids.map(id => rooms.enter('x', member(id), {}, 0))
const heard = (id: string) => tape.take(id).filter(([event]) => event === 'room.topology' || event === 'media.lost')
const toSfu = ['room.topology', { room: 'x', topology: 'sfu' }]
const toMesh = ['room.topology', { room: 'x', topology: 'mesh' }]
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

test('two who are left go back to a mesh after 30 s, and their seats stay 30 s longer', () => {
  enter('a', 'b', 'c')
  tape.take('a')
  done = []
  rooms.leave('x', 'c', 'left', 1000)
  expect(done).toEqual([['unseat', 'x', 'c']])
  expect(wokenAt).toBe(31_000)
  expect(media.timeout(30_999)).toBe(31_000)
  expect(heard('a')).toEqual([])
  expect(media.timeout(31_000)).toBe(61_000)
  expect(heard('a')).toEqual([toMesh])
  expect(media.receive('x', 'a', body)).toBe(true)
  done = []
  expect(media.timeout(61_000)).toBe(Number.POSITIVE_INFINITY)
  expect(done).toEqual([
    ['unseat', 'x', 'a'],
    ['unseat', 'x', 'b'],
  ])
  expect(media.receive('x', 'a', body)).toBe(false)
})

test('who comes back in time changes nothing', () => {
  enter('a', 'b', 'c')
  rooms.leave('x', 'c', 'left', 1000)
  rooms.enter('x', member('d'), {}, 20_000)
  tape.take('a')
  expect(media.timeout(31_000)).toBe(Number.POSITIVE_INFINITY)
  expect(heard('a')).toEqual([])
})

test('who comes while both ways are open lets all begin anew: some have closed their connections by then', () => {
  enter('a', 'b', 'c')
  rooms.leave('x', 'c', 'left', 0)
  media.timeout(30_000)
  tape.take('a')
  done = []
  rooms.enter('x', member('d'), {}, 40_000)
  expect(heard('a')).toEqual([toSfu, ['media.lost', { room: 'x' }]])
  expect(heard('d')).toEqual([])
  expect(done.map(([verb, , id]) => [verb, id])).toEqual([
    ['unseat', 'a'],
    ['unseat', 'b'],
    ['unseat', 'd'],
    ['seat', 'a'],
    ['seat', 'b'],
    ['seat', 'd'],
  ])
  done = []
  expect(media.timeout(60_000)).toBe(Number.POSITIVE_INFINITY)
  expect(done).toEqual([])
})

test('who takes the other’s place while both ways are open gets no seat at the SFU', () => {
  enter('a', 'b', 'c')
  rooms.leave('x', 'c', 'left', 0)
  media.timeout(30_000)
  rooms.leave('x', 'b', 'left', 31_000)
  done = []
  rooms.enter('x', member('d'), {}, 32_000)
  expect(done).toEqual([])
})

test('a room made as a mesh stays one, one made for the SFU begins there', () => {
  rooms.enter('x', member('a'), { wish: 'mesh' }, 0)
  enter('b', 'c', 'd')
  expect(done).toEqual([])
  const { topology } = rooms.enter('y', member('a'), { wish: 'sfu' }, 0)
  expect(topology).toEqual({ wish: 'sfu', now: 'sfu' })
  expect(done).toEqual([['seat', 'y', 'a', 0]])
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
  expect([media.receive('x', 'a', body), media.subscribe('x', 'a', true, [])]).toEqual([false, false])
})

test('what seated people announce and say is passed on, of others nothing', () => {
  enter('a', 'b', 'c')
  done = []
  rooms.update('x', 'a', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(media.receive('x', 'a', body)).toBe(true)
  expect(media.subscribe('x', 'b', false, [])).toBe(true)
  expect(done).toEqual([
    ['seat', 'x', 'a', 1],
    ['receive', 'x', 'a', body],
    ['subscribe', 'x', 'b', { auto: false, tracks: [] }],
  ])
  rooms.enter('y', member('d'), {}, 0)
  done = []
  rooms.update('y', 'd', { tracks: [{ id: 't', source: 'camera', muted: false }] }, 1)
  expect(done).toEqual([])
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

test('who came by HTTP has no seat of ours there, and is gone with an SFU that was started anew', () => {
  enter('a', 'b')
  rooms.enter('x', member('cam', { via: 'whip' }), {}, 0)
  expect(done.map(([verb, , id]) => [verb, id])).toEqual([
    ['seat', 'a'],
    ['seat', 'b'],
  ])
  media.lost(5)
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

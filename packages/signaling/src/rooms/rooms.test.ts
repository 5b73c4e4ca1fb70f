import { limits } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { createHoldings } from '../holdings.ts'
import { defaultLimits } from '../limits.ts'
import { TopologyControl } from '../media/topology-control.ts'
import { Tape } from '../testing/tape.ts'
import { whiteboards } from '../testing/whiteboards.ts'
import type { Member } from './meeting-room.ts'
import { Rooms } from './rooms.ts'

let tape: Tape
let rooms: Rooms

beforeEach(() => {
  tape = new Tape()
  const outbox = tape.outbox()
  const media = new TopologyControl({ plane: undefined, outbox, lose() {}, wake() {} })
  rooms = new Rooms({
    outbox,
    media,
    boards: whiteboards(),
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
  identity: `person-${id}`,
  name: id.toUpperCase(),
  metadata: undefined,
  subscribe: true,
  source: '192.0.2.1',
  ...more,
})
const code = (code: string) => expect.objectContaining({ code })

test('the first makes the room, the next are announced to those inside', () => {
  const first = rooms.enter('x', member('a', { metadata: 'm' }), {}, 10)
  expect(first).toEqual({
    room: 'x',
    capacity: 100,
    createdAt: 10,
    topology: { wish: 'auto', now: 'mesh' },
    self: { id: 'a', identity: 'person-a', name: 'A', metadata: 'm', tracks: [], subscribe: true, joinedAt: 10 },
    participants: [],
    chat: [],
  })
  const second = rooms.enter('x', member('b'), { capacity: 2 }, 20)
  expect(second.participants).toEqual([first.self])
  expect(second.createdAt).toBe(10)
  expect(tape.take('a')).toEqual([['room.joined', { room: 'x', participant: second.self }]])
  expect(tape.take('b')).toEqual([])
  expect([rooms.size, rooms.participants]).toEqual([1, 2])
})

test('a host’s mute outlives a list that crossed it, and no longer', () => {
  const [camera, microphone] = (['camera', 'microphone'] as const).map(source => ({ id: source, source, muted: false }))
  if (!camera || !microphone) throw new Error('unreachable')
  const tracks = [camera, microphone]
  const muted = (mutesHeard?: number, said = tracks) =>
    rooms
      .update('x', 'a', { tracks: said, ...(mutesHeard !== undefined && { mutesHeard }) }, 9)
      .tracks.map(t => t.muted)
  rooms.enter('x', member('a'), {}, 1)
  expect(muted(0)).toEqual([false, false])
  rooms.mute('x', 'a', 'microphone', 2)
  expect(muted(0, [{ ...camera, muted: true }, microphone])).toEqual([true, true])
  expect(muted(0)).toEqual([false, true])
  rooms.mute('x', 'a', 'camera', 3)
  expect(muted(1)).toEqual([true, false])
  expect(muted(2)).toEqual([false, false])
  rooms.mute('x', 'a', 'microphone', 4)
  expect(muted(2)).toEqual([false, true])
  expect(muted()).toEqual([false, false])
  rooms.leave('x', 'a', 'left', 5)
  rooms.enter('x', member('a'), {}, 6)
  expect(muted(0)).toEqual([false, false])
})

test('the times say in which order people came, also within one millisecond', () => {
  const times = ['a', 'b', 'c'].map(id => rooms.enter('x', member(id), {}, 10).self.joinedAt)
  expect(times).toEqual([10, 11, 12])
  rooms.leave('x', 'c', 'left', 10)
  expect(rooms.enter('x', member('c'), {}, 10).self.joinedAt).toBe(13)
  expect(rooms.enter('x', member('d'), {}, 20).self.joinedAt).toBe(20)
})

test('an empty room vanishes with its chat', () => {
  rooms.enter('x', member('a'), {}, 1)
  const { room, self } = rooms.seat('x', 'a')
  room.write(self, { id: '1', text: 'hello' }, 2)
  expect(rooms.leave('x', 'a', 'left', 3)).toBe(true)
  expect(rooms.leave('x', 'a', 'left', 3)).toBe(false)
  expect(rooms.find('x')).toBeUndefined()
  expect([rooms.size, rooms.participants]).toEqual([0, 0])
  expect(rooms.enter('x', member('a'), {}, 4)).toMatchObject({ chat: [], createdAt: 4 })
})

test('who leaves is announced with the reason, and hears nothing more', () => {
  for (const id of ['a', 'b', 'c']) rooms.enter('x', member(id), {}, 1)
  tape.take('b')
  rooms.leave('x', 'b', 'lost', 2)
  rooms.leave('x', 'c', 'left', 3)
  expect(tape.take('a').slice(2)).toEqual([
    ['room.left', { room: 'x', id: 'b', reason: 'lost' }],
    ['room.left', { room: 'x', id: 'c', reason: 'left' }],
  ])
  expect(tape.take('b')).toEqual([])
  expect(rooms.of('b').size).toBe(0)
})

test('the capacity is the maker’s wish, and never more than the server’s', () => {
  rooms.enter('small', member('a'), { capacity: 3 }, 1)
  rooms.enter('small', member('b'), { capacity: 50 }, 1)
  rooms.enter('small', member('c'), {}, 1)
  expect(() => rooms.enter('small', member('d'), {}, 1)).toThrow(code('room-full'))
  expect(rooms.of('d').size).toBe(0)
  rooms.leave('small', 'a', 'left', 2)
  expect(rooms.enter('small', member('d'), {}, 3).participants).toHaveLength(2)
  expect(rooms.enter('big', member('a'), { capacity: 1000 }, 1).capacity).toBe(100)
})

test('a refused maker leaves no room behind', () => {
  rooms.reserve('private', ['a', 'b'])
  expect(() => rooms.enter('private', member('c'), {}, 1)).toThrow(code('room-private'))
  expect(rooms.size).toBe(0)
})

test('a reserved room is for its two sessions until it is closed', () => {
  rooms.reserve('private', ['a', 'b'])
  rooms.enter('private', member('a'), {}, 1)
  rooms.enter('private', member('b'), {}, 1)
  for (const id of ['c', 'd']) {
    expect(() => rooms.enter('private', member(id), {}, 1)).toThrow(code('room-private'))
    expect(() => rooms.peek('private', id)).toThrow(code('room-private'))
  }
  expect(rooms.isPrivate('private')).toBe(true)
  tape.take('a')
  expect(rooms.close('private', 2).map(({ id }) => id)).toEqual(['a', 'b'])
  expect(tape.take('a')).toEqual([['room.ended', { room: 'private', reason: 'closed' }]])
  expect(rooms.isPrivate('private')).toBe(false)
  expect(rooms.participants).toBe(0)
  rooms.enter('private', member('c'), {}, 3)
})

test('peeking shows names and capacity, of a room that is not there too', () => {
  expect(rooms.peek('x', 'a')).toEqual({ participants: [], capacity: 100 })
  rooms.enter('x', member('b', { name: 'Same' }), { capacity: 5 }, 1)
  rooms.enter('x', member('c', { name: 'Same' }), { capacity: 5 }, 1)
  expect(rooms.peek('x', 'a')).toEqual({ participants: ['Same', 'Same (2)'], capacity: 5 })
})

test('changes reach the others, absent fields stay, and what changes nothing is silent', () => {
  rooms.enter('x', member('a', { metadata: 'old' }), {}, 1)
  rooms.enter('x', member('b'), {}, 1)
  tape.take('a')
  const tracks = [{ id: 't', source: 'camera', muted: false } as const]
  expect(rooms.update('x', 'a', { tracks, hand: true }, 5)).toMatchObject({ metadata: 'old', hand: 5, tracks })
  expect(rooms.update('x', 'a', { tracks: [...tracks], hand: true }, 9)).toMatchObject({ hand: 5 })
  const lowered = rooms.update('x', 'a', { hand: false, metadata: '', name: 'B' }, 10)
  expect(lowered).toMatchObject({ metadata: '', name: 'B (2)', tracks })
  expect('hand' in lowered).toBe(false)
  expect(tape.take('b')).toEqual([
    ['room.changed', { room: 'x', participant: expect.objectContaining({ id: 'a', hand: 5 }) }],
    ['room.changed', { room: 'x', participant: lowered }],
  ])
  expect(tape.take('a')).toEqual([])
  expect(() => rooms.update('x', 'c', {}, 1)).toThrow(code('not-in-room'))
})

test('who records is told to the others, and to those who come later, until they stop or leave', () => {
  rooms.enter('x', member('a'), {}, 1)
  rooms.enter('x', member('b'), {}, 1)
  tape.take('b')
  expect(rooms.update('x', 'a', { recording: true }, 5)).toMatchObject({ recording: 5 })
  expect(rooms.update('x', 'a', { recording: true }, 9)).toMatchObject({ recording: 5 })
  expect(tape.take('b')).toEqual([
    ['room.changed', { room: 'x', participant: expect.objectContaining({ id: 'a', recording: 5 }) }],
  ])
  expect(rooms.enter('x', member('c'), {}, 10).participants).toContainEqual(
    expect.objectContaining({ id: 'a', recording: 5 }),
  )
  expect('recording' in rooms.update('x', 'a', { recording: false }, 11)).toBe(false)
  rooms.update('x', 'a', { recording: true }, 12)
  rooms.leave('x', 'a', 'left', 12)
  expect(rooms.enter('x', member('a'), {}, 13).self.recording).toBeUndefined()
})

test('a name that is given back can be had again', () => {
  rooms.enter('x', member('a', { name: 'Ann' }), {}, 1)
  rooms.enter('x', member('b', { name: 'Ann' }), {}, 1)
  rooms.update('x', 'a', { name: 'Zoe' }, 2)
  expect(rooms.update('x', 'b', { name: 'Ann' }, 3).name).toBe('Ann')
})

test('muting somebody tells them, and shows the others', () => {
  rooms.enter('x', member('a'), {}, 1)
  rooms.enter('x', member('b'), {}, 1)
  rooms.update('x', 'a', { tracks: [{ id: 't', source: 'microphone', muted: false }] }, 2)
  tape.take('a')
  tape.take('b')
  rooms.mute('x', 'a', 'camera', 3)
  rooms.mute('x', 'a', 'microphone', 3)
  rooms.mute('x', 'a', 'microphone', 4)
  expect(tape.take('a')).toEqual([['room.muted', { room: 'x', source: 'microphone' }]])
  expect(tape.take('b')).toMatchObject([['room.changed', { participant: { tracks: [{ muted: true }] } }]])
  expect(() => rooms.mute('x', 'z', 'camera', 5)).toThrow(code('no-such-participant'))
  expect(() => rooms.mute('y', 'a', 'camera', 5)).toThrow(code('no-such-room'))
})

test('chat keeps each message once for each sender, and the last ones for who comes late', () => {
  const { self } = rooms.enter('x', member('a'), {}, 1)
  const other = rooms.enter('x', member('b'), {}, 1).self
  const room = rooms.get('x')
  const first = room.write(self, { id: 'id', text: 'one' }, 2)
  expect(first).toEqual({ fresh: true, message: { id: 'id', room: 'x', from: expect.anything(), text: 'one', at: 2 } })
  expect(room.write(self, { id: 'id', text: 'other text' }, 3)).toEqual({ fresh: false, message: first?.message })
  expect(room.write(other, { id: 'id', text: 'two' }, 3)?.fresh).toBe(true)
  for (let i = 0; i < limits.chatHistory; i++) room.write(self, { id: `n${i}`, text: `${i}` }, 4)
  const { chat } = room.snapshot(self)
  expect(chat).toHaveLength(limits.chatHistory)
  expect(chat[0]?.text).toBe('0')
  // Out of sight, but a repeat is still recognised.
  expect(room.write(self, { id: 'id', text: 'one' }, 5)?.fresh).toBe(false)
})

test('metadata of one room is bounded, since everybody is sent it', () => {
  const big = new Rooms({
    outbox: tape.outbox(),
    media: new TopologyControl({ plane: undefined, outbox: tape.outbox(), lose() {}, wake() {} }),
    boards: whiteboards(),
    holdings: createHoldings(defaultLimits),
    settings: { capacity: 1000, wish: 'auto' },
  })
  const metadata = 'm'.repeat(4096)
  for (let i = 0; i < 256; i++) big.enter('x', member(`p${i}`, { metadata }), {}, 1)
  expect(() => big.enter('x', member('more', { metadata: 'm' }), {}, 1)).toThrow(code('too-large'))
  big.enter('x', member('more'), {}, 1)
  expect(() => big.update('x', 'more', { metadata: 'm' }, 1)).toThrow(code('too-large'))
  big.update('x', 'p0', { metadata: '' }, 1)
  big.update('x', 'more', { metadata }, 1)
  big.leave('x', 'p1', 'left', 1)
  big.enter('x', member('p1', { metadata }), {}, 1)
})

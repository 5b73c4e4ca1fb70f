import { expect, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import type { Session } from './sessions/session.ts'
import { ask, board, boardForEachTest, clock, code, come, enter, eventsOf, tape } from './testing/board.ts'

boardForEachTest()

test('a dropped session keeps its seat until 30 s after its last sign of life', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x' })
  ask(bob, 'room.join', { room: 'x' })
  clock.advance(4000)
  board.sessions.drop(ann, clock.now() - 4000)
  clock.advance(25_999)
  expect(board.rooms.get('x').size).toBe(2)
  clock.advance(1)
  expect(tape.heard('bob', 'room.left')).toEqual([{ room: 'x', id: 'ann', reason: 'lost' }])
})

test('who comes back in time has their seat and what they missed', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x' })
  ask(bob, 'room.join', { room: 'x' })
  const seen = tape.entries.at(-1)?.n ?? 0
  board.sessions.drop(ann, clock.now())
  clock.advance(29_000)
  ask(bob, 'chat.send', { room: 'x', id: '1', text: 'hello' })
  const { session, missed } = enter('ann', {}, seen)
  expect(session).toBe(ann)
  expect(missed?.map(({ event }) => event)).toEqual(['chat'])
  clock.advance(60_000)
  expect(board.rooms.get('x').size).toBe(2)
})

test('who comes back late, or with other rights, begins anew', () => {
  const ann = come('ann')
  ask(ann, 'room.join', { room: 'x' })
  board.sessions.drop(ann, clock.now())
  clock.advance(30_000)
  const late = enter('ann')
  expect(late.missed).toBeUndefined()
  expect(late.session).not.toBe(ann)
  ask(late.session, 'room.join', { room: 'x' })
  expect(enter('ann', { grants: { publish: false } }).missed).toBeUndefined()
  expect(board.rooms.size).toBe(0)
  expect(enter('ann', { grants: { publish: false } }).missed).toEqual([])
  expect(enter('ann', { room: 'x', grants: { publish: false } }).missed).toBeUndefined()
})

test('what an old session still does is not done to the new one', () => {
  const ann = come('ann')
  const anew = enter('ann', { grants: { chat: false } }).session
  ask(anew, 'room.join', { room: 'x' })
  board.sessions.drop(ann, 0)
  board.sessions.lose(ann, 'left', clock.now())
  clock.advance(60_000)
  expect(board.rooms.get('x').size).toBe(1)
})

test('nothing is left of sessions that are gone', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'presence.set', { status: 'available' })
  ask(ann, 'presence.watch', { watch: true })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'audio' })
  ask(bob, 'call.accept', { call: 'c', media: 'audio' })
  for (const one of [ann, bob]) board.sessions.lose(one, 'left', clock.now())
  clock.advance(120_000)
  expect([board.rooms.size, board.rooms.participants, board.calls.active, board.outbox.bytes]).toEqual([0, 0, 0, 0])
  expect(board.presence.others('nobody')).toEqual([])
  expect(clock.pending).toBe(1)
})

test('watchers see others come, talk and go, and never themselves', () => {
  const [ann, watcher] = [come('ann'), come('bob')]
  ask(watcher, 'presence.set', { status: 'available', name: 'Bob' })
  ask(ann, 'presence.set', { status: 'away', name: 'Ann' })
  expect(ask(watcher, 'presence.watch', { watch: true }).people).toEqual([
    { identity: 'ann', name: 'Ann', status: 'away' },
  ])
  ask(watcher, 'presence.set', { status: 'away' })
  ask(ann, 'presence.set', { status: 'available' })
  ask(ann, 'room.join', { room: 'x' })
  ask(ann, 'room.leave', { room: 'x' })
  board.sessions.lose(ann, 'left', clock.now())
  expect(tape.heard('bob', 'presence').map(({ identity, status }) => [identity, status])).toEqual([
    ['ann', 'available'],
    ['ann', 'in-call'],
    ['ann', 'available'],
    ['ann', 'offline'],
  ])
  ask(watcher, 'presence.watch', { watch: false })
  tape.take('bob')
  ask(come('cleo'), 'presence.set', { status: 'available' })
  expect(eventsOf(watcher)).toEqual([])
})

test('joining again on one connection tells no chat twice', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x' })
  const message = ask(ann, 'chat.send', { room: 'x', id: '1', text: 'hello' })
  const chat = (session: Session) => ask(session, 'room.join', { room: 'x' }).chat
  expect([chat(bob), chat(bob), chat(ann)]).toEqual([[message], [], []])
  // The answer may have been lost with the connection.
  board.sessions.drop(bob, clock.now())
  expect(enter('bob', {}, tape.entries.at(-1)?.n).session).toBe(bob)
  expect([chat(bob), chat(bob)]).toEqual([[message], []])
  ask(bob, 'room.leave', { room: 'x' })
  expect([chat(bob), chat(bob)]).toEqual([[message], []])
})

test('a source with too many sessions loses the one that was away for longest, and no other', () => {
  const most = 2 * defaultLimits.connectionsPerAddress
  const sessions = Array.from({ length: most }, (_, i) => come(`p${i}`))
  const [first, second] = sessions as [Session, Session]
  for (const session of [first, second]) ask(session, 'room.join', { room: 'x' })
  board.sessions.drop(second, clock.now())
  board.sessions.drop(first, clock.now())
  come('one-more')
  expect(
    board.rooms
      .get('x')
      .participants()
      .map(({ id }) => id),
  ).toEqual([first.id])
})

test('joining again gives a fresh snapshot and takes no second seat', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x', name: 'Ann', capacity: 2 })
  ask(bob, 'room.join', { room: 'x' })
  tape.take('bob')
  const again = ask(ann, 'room.join', { room: 'x', name: 'Anna', capacity: 2 })
  expect(again.participants).toHaveLength(1)
  expect(again.self.name).toBe('Anna')
  expect(eventsOf(bob)).toEqual(['room.changed'])
})

test('a session sits in a limited number of rooms', () => {
  const ann = come('ann')
  for (let i = 0; i < defaultLimits.roomsPerSession; i++) ask(ann, 'room.join', { room: `r${i}` })
  expect(() => ask(ann, 'room.join', { room: 'more' })).toThrow(code('too-many-rooms'))
  ask(ann, 'room.join', { room: 'r0' })
  ask(ann, 'room.leave', { room: 'r0' })
  ask(ann, 'room.leave', { room: 'r0' })
  ask(ann, 'room.join', { room: 'more' })
})

test('signals go to one other member of the same room, and to nobody else', () => {
  const [ann, bob, cleo] = [come('ann'), come('bob'), come('cleo')]
  ask(ann, 'room.join', { room: 'x' })
  ask(bob, 'room.join', { room: 'x' })
  ask(cleo, 'room.join', { room: 'y' })
  tape.take('ann')
  const body = { connection: 'pc', seq: 0, signal: { kind: 'restart' } } as const
  ask(ann, 'signal.send', { room: 'x', to: 'bob', ...body })
  expect(tape.take('bob')).toEqual([['signal', { room: 'x', from: 'ann', ...body }]])
  expect(eventsOf(ann)).toEqual([])
  for (const to of ['cleo', 'ann', 'nobody', '__proto__']) {
    expect(() => ask(ann, 'signal.send', { room: 'x', to, ...body })).toThrow(code('no-such-participant'))
  }
  expect(() => ask(ann, 'signal.send', { room: 'y', to: 'cleo', ...body })).toThrow(code('not-in-room'))
  expect(() => ask(ann, 'signal.send', { room: 'z', to: 'bob', ...body })).toThrow(code('not-in-room'))
})

test('wrapped keys go to one other member of the same room, or to all in it', () => {
  const [ann, bob, cleo] = [come('ann'), come('bob'), come('cleo')]
  for (const one of [ann, bob, cleo]) ask(one, 'room.join', { room: 'x' })
  const dan = come('dan')
  ask(dan, 'room.join', { room: 'y' })
  ask(ann, 'key.send', { room: 'x', to: 'bob', key: 'AQ' })
  const first = { room: 'x', from: 'ann', key: 'AQ' }
  expect(tape.heard('bob', 'key')).toEqual([first])
  expect(tape.heard('cleo', 'key')).toEqual([])
  ask(ann, 'key.send', { room: 'x', key: 'Ag' })
  const second = { room: 'x', from: 'ann', key: 'Ag' }
  expect(tape.heard('bob', 'key')).toEqual([first, second])
  expect(tape.heard('cleo', 'key')).toEqual([second])
  expect(tape.heard('dan', 'key')).toEqual([])
  for (const to of ['dan', 'ann', 'nobody']) {
    expect(() => ask(ann, 'key.send', { room: 'x', to, key: 'AQ' })).toThrow(code('no-such-participant'))
  }
  expect(() => ask(dan, 'key.send', { room: 'x', key: 'AQ' })).toThrow(code('not-in-room'))
})

test('messages of an application go to one other member of the same room, or to all others', () => {
  const [ann, bob, cleo] = [come('ann'), come('bob'), come('cleo')]
  for (const one of [ann, bob, cleo]) ask(one, 'room.join', { room: 'x' })
  const dan = come('dan')
  ask(dan, 'room.join', { room: 'y' })
  ask(ann, 'message.send', { room: 'x', to: 'bob', topic: 'game', body: '1' })
  ask(ann, 'message.send', { room: 'x', topic: 'game', body: '2' })
  const [first, second] = ['1', '2'].map(body => ({ room: 'x', from: 'ann', topic: 'game', body }))
  expect(tape.heard('bob', 'message')).toEqual([first, second])
  expect(tape.heard('cleo', 'message')).toEqual([second])
  for (const id of ['ann', 'dan']) expect(tape.heard(id, 'message')).toEqual([])
  for (const to of ['dan', 'ann', 'nobody']) {
    expect(() => ask(ann, 'message.send', { room: 'x', to, topic: 'game', body: '' })).toThrow(
      code('no-such-participant'),
    )
  }
  expect(() => ask(dan, 'message.send', { room: 'x', topic: 'game', body: '' })).toThrow(code('not-in-room'))
})

test('that a track is encrypted, and no longer is, is told to the others', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  const plain = { id: 't', source: 'camera', muted: false } as const
  for (const track of [plain, { ...plain, encrypted: true } as const, plain]) {
    ask(ann, 'participant.update', { room: 'x', tracks: [track] })
  }
  expect(tape.heard('bob', 'room.changed').map(({ participant }) => participant.tracks[0]?.encrypted)).toEqual([
    undefined,
    true,
    undefined,
  ])
})

test('how media goes is said of rooms that one sits in, and of no other', () => {
  const [ann, bob, cleo] = [come('ann'), come('bob'), come('cleo')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  const settled = { room: 'x', topology: 'mesh', state: 'settled' } as const
  ask(ann, 'media.report', settled)
  expect(tape.heard('ann', 'room.settled')).toEqual([{ room: 'x' }])
  expect(tape.heard('bob', 'room.settled')).toEqual([])
  expect(() => ask(cleo, 'media.report', settled)).toThrow(code('not-in-room'))
  expect(() => ask(cleo, 'media.report', { ...settled, room: 'y' })).toThrow(code('not-in-room'))
})

test('a chat message sent again is answered, and heard once', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  const first = ask(ann, 'chat.send', { room: 'x', id: '1', text: 'hi' })
  clock.advance(5000)
  expect(ask(ann, 'chat.send', { room: 'x', id: '1', text: 'hi' })).toEqual(first)
  expect(tape.heard('bob', 'chat')).toEqual([first])
  expect(tape.heard('ann', 'chat')).toEqual([first])
  expect(() => ask(come('cleo'), 'chat.send', { room: 'x', id: '2', text: 'hi' })).toThrow(code('not-in-room'))
  expect(() => ask(come('dan'), 'reaction.send', { room: 'x', emoji: '👋' })).toThrow(code('not-in-room'))
})

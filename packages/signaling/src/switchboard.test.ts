import {
  type CallOutcome,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  tokenClaims,
} from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { Alarm } from './alarm.ts'
import { handlers } from './handlers/index.ts'
import { createHoldings } from './holdings.ts'
import { defaultLimits } from './limits.ts'
import type { Session } from './sessions/session.ts'
import { Spending } from './spending.ts'
import { Switchboard } from './switchboard.ts'
import { testAuthenticator } from './testing/server.ts'
import { Tape } from './testing/tape.ts'

let clock: FakeClock
let tape: Tape
let board: Switchboard
let outcomes: CallOutcome[]
const authenticator = testAuthenticator()
const iceServers = { iceServers: () => [] }

beforeEach(() => {
  clock = new FakeClock(1_000_000)
  tape = new Tape()
  outcomes = []
  let rooms = 0
  const alarm = new Alarm(clock, () => board.timeout(clock.now()))
  board = new Switchboard(
    {
      wire: tape,
      limits: defaultLimits,
      holdings: createHoldings(defaultLimits),
      spending: new Spending(defaultLimits.costs, defaultLimits.costsPerAddress),
      design: { capacity: 100, wish: 'auto' },
      mediaPlane: undefined,
      newRoom: () => `call-${++rooms}`,
      callEnded: outcome => outcomes.push(outcome),
      wake: at => alarm.set(at),
    },
    clock.now(),
  )
})

function enter(id: string, claims: object = {}, after = 0) {
  const { expiresAt, source = '192.0.2.1', ...rest } = { ...claims } as { expiresAt?: number; source?: string }
  const term = expiresAt === undefined ? {} : { expiresAt }
  const parsed = tokenClaims.parse({ sub: id.replace(/\d+$/, ''), ...rest })
  const visitor = { id, claims: parsed, name: undefined, term, source }
  return board.enter(visitor, after, clock.now())
}

const come = (id: string, claims?: object) => enter(id, claims).session

/** Does what the request asks, as the door would. */
function ask<K extends RequestName>(session: Session, name: K, input: RequestInput<K>): RequestOutput<K> {
  return handlers[name]({ board, session, authenticator, iceServers, now: clock.now() }, input) as RequestOutput<K>
}

const code = (code: string) => expect.objectContaining({ code })
const eventsOf = (session: Session) => tape.take(session.id).map(([event]) => event)
const callStates = (session: Session) =>
  tape.heard(session.id, 'call').map(({ state }) => (state.status === 'ended' ? state.outcome : state.status))

test('a dropped session keeps its seat until 30 s after its last sign of life', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x' })
  ask(bob, 'room.join', { room: 'x' })
  clock.advance(4000)
  board.drop(ann, clock.now() - 4000)
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
  board.drop(ann, clock.now())
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
  board.drop(ann, clock.now())
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
  board.drop(ann, 0)
  board.lose(ann, 'left', clock.now())
  clock.advance(60_000)
  expect(board.rooms.get('x').size).toBe(1)
})

test('nothing is left of sessions that are gone', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'presence.set', { status: 'available' })
  ask(ann, 'presence.watch', { watch: true })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'audio' })
  ask(bob, 'call.accept', { call: 'c', media: 'audio' })
  for (const one of [ann, bob]) board.lose(one, 'left', clock.now())
  clock.advance(120_000)
  expect([board.rooms.size, board.rooms.participants, board.calls.active, board.outbox.bytes]).toEqual([0, 0, 0, 0])
  expect(board.presence.others('nobody')).toEqual([])
  expect(clock.pending).toBe(1)
})

test('a call rings in every tab of one person and in none of the caller’s', () => {
  const [ann, otherAnn, bob, otherBob] = [come('ann1'), come('ann2'), come('bob1'), come('bob2')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  expect([ann, otherAnn, bob, otherBob].map(callStates)).toEqual([[], [], ['ringing'], ['ringing']])
  ask(otherBob, 'call.accept', { call: 'c', media: 'audio' })
  expect([ann, otherAnn, bob, otherBob].map(callStates)).toEqual([
    ['accepted'],
    ['accepted'],
    ['ringing', 'accepted'],
    ['ringing', 'accepted'],
  ])
})

test('the room of a call opens to its two sessions alone', () => {
  const [ann, otherAnn, bob, cleo] = [come('ann1'), come('ann2'), come('bob1'), come('cleo')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  for (const stranger of [otherAnn, cleo]) {
    expect(() => ask(stranger, 'room.join', { room: 'call-1' })).toThrow(code('room-private'))
    expect(() => ask(stranger, 'room.peek', { room: 'call-1' })).toThrow(code('room-private'))
  }
  expect(board.rooms.get('call-1').size).toBe(2)
  tape.take(bob.id)
  ask(ann, 'call.hangup', { call: 'c' })
  expect(eventsOf(bob)).toEqual(['call', 'room.ended'])
  expect(board.rooms.size).toBe(0)
  expect(outcomes).toEqual(['hung-up'])
})

test('whoever accepts seats both: each hears who is in the room before the call says where it is', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'presence.set', { status: 'available', name: one.id.toUpperCase() })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  tape.take(bob.id)
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  expect(tape.heard(bob.id, 'room.entered')).toMatchObject([
    { room: 'call-1', self: { id: 'bob', name: 'BOB' }, participants: [{ id: 'ann', name: 'ANN' }] },
  ])
  expect(eventsOf(bob)).toEqual(['room.entered', 'call'])
  expect(eventsOf(ann)).toEqual(['room.entered', 'room.joined', 'call'])
  expect(ask(ann, 'room.join', { room: 'call-1' }).participants).toMatchObject([{ id: 'bob' }])
})

test('whoever sits in too many rooms to be seated in that of their call has to ask, and hears why not', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  for (let i = 0; i < defaultLimits.roomsPerSession; i++) ask(ann, 'room.join', { room: `r${i}` })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  tape.take(ann.id)
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  expect(eventsOf(ann)).toEqual(['call'])
  expect(() => ask(ann, 'room.join', { room: 'call-1' })).toThrow(code('too-many-rooms'))
  ask(ann, 'room.leave', { room: 'r0' })
  expect(ask(ann, 'room.join', { room: 'call-1' }).participants).toMatchObject([{ id: 'bob' }])
})

test.each<[string, (ann: Session) => void, CallOutcome]>([
  ['leaves the room', ann => void ask(ann, 'room.leave', { room: 'call-1' }), 'hung-up'],
  ['closes the tab', ann => board.lose(ann, 'left', clock.now()), 'hung-up'],
  ['is removed', ann => board.remove('call-1', ann.id, clock.now()), 'hung-up'],
  ['is sent out with everybody', () => board.close('call-1', clock.now()), 'hung-up'],
  [
    'vanishes',
    ann => {
      board.drop(ann, clock.now())
      clock.advance(30_000)
    },
    'peer-lost',
  ],
])('an accepted call ends when one side %s', (_, end, outcome) => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  end(ann)
  expect(callStates(bob).at(-1)).toBe(outcome)
  expect(outcomes).toEqual([outcome])
  expect(tape.heard('bob', 'room.ended')).toEqual([{ room: 'call-1', reason: 'closed' }])
  expect(board.rooms.size).toBe(0)
})

test('leaving another room does not end the call', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'room.join', { room: 'lounge' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  ask(ann, 'room.leave', { room: 'lounge' })
  expect(board.calls.active).toBe(1)
})

test('a caller who goes stops the ringing; a callee who reloads is rung again', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  board.lose(bob, 'left', clock.now())
  expect(board.calls.of('bob')?.state.status).toBe('ringing')
  const reloaded = come('bob7')
  clock.advance(10_000)
  board.lose(ann, 'left', clock.now())
  expect(callStates(reloaded)).toEqual(['cancelled'])
})

test('a call that nobody answers ends after 30 s, also where the callee has gone', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  board.lose(bob, 'left', clock.now())
  clock.advance(29_999)
  expect(callStates(ann)).toEqual([])
  clock.advance(1)
  expect(callStates(ann)).toEqual(['no-answer'])
})

test('a busy person is reported at once, and counted', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(bob, 'room.join', { room: 'x' })
  expect(ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' }).state).toMatchObject({ outcome: 'busy' })
  expect(callStates(bob)).toEqual([])
  expect(outcomes).toEqual(['busy'])
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
  board.lose(ann, 'left', clock.now())
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

test('both sides of an accepted call are in a call', () => {
  const [ann, bob, watcher] = [come('ann'), come('bob'), come('cleo')]
  for (const one of [ann, bob]) ask(one, 'presence.set', { status: 'available' })
  ask(watcher, 'presence.watch', { watch: true })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  expect(eventsOf(watcher)).toEqual([])
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  expect(tape.heard('cleo', 'presence').map(({ status }) => status)).toEqual(['in-call', 'in-call'])
})

test('a token for one room opens nothing else', () => {
  const guest = come('guest', { room: 'x' })
  const ann = come('ann')
  ask(ann, 'presence.set', { status: 'available' })
  ask(guest, 'room.join', { room: 'x' })
  ask(guest, 'room.peek', { room: 'x' })
  const closed: (() => unknown)[] = [
    () => ask(guest, 'room.join', { room: 'y' }),
    () => ask(guest, 'room.peek', { room: 'y' }),
    () => ask(guest, 'presence.set', { status: 'available' }),
    () => ask(guest, 'presence.watch', { watch: true }),
    () => ask(guest, 'call.invite', { call: 'c', to: 'ann', media: 'audio' }),
    () => ask(guest, 'call.accept', { call: 'c', media: 'audio' }),
  ]
  for (const attempt of closed) expect(attempt).toThrow(code('not-allowed'))
})

test('a token without publish, subscribe or chat', () => {
  const guest = come('guest', { grants: { publish: false, subscribe: false, chat: false } })
  expect(ask(guest, 'room.join', { room: 'x' }).self.subscribe).toBe(false)
  const tracks = [{ id: 't', source: 'camera', muted: true } as const]
  expect(() => ask(guest, 'participant.update', { room: 'x', tracks })).toThrow(code('not-allowed'))
  expect(() => ask(guest, 'chat.send', { room: 'x', id: '1', text: 'hi' })).toThrow(code('not-allowed'))
  expect(ask(guest, 'participant.update', { room: 'x', tracks: [], hand: true }).hand).toBe(clock.now())
})

test('a token without chat writes nothing that others read, by no way', () => {
  const quiet = { grants: { chat: false } }
  const bob = come('bob')
  ask(bob, 'room.join', { room: 'x' })
  const visitor = {
    id: 'eve',
    claims: tokenClaims.parse({ sub: 'eve', ...quiet }),
    name: 'BUY',
    term: {},
    source: '192.0.2.2',
  }
  const eve = board.enter(visitor, 0, clock.now()).session
  const { self } = ask(eve, 'room.join', { room: 'x', name: 'BUY NOW', metadata: 'at evil.test' })
  expect(self).toMatchObject({ name: 'Guest (2)', tracks: [] })
  expect(self.metadata).toBeUndefined()
  ask(eve, 'room.join', { room: 'x', name: 'BUY NOW', metadata: 'at evil.test' })
  for (const change of [{ name: 'BUY NOW' }, { metadata: 'at evil.test' }]) {
    expect(() => ask(eve, 'participant.update', { room: 'x', ...change })).toThrow(code('not-allowed'))
  }
  expect(() => ask(eve, 'reaction.send', { room: 'x', emoji: '👋' })).toThrow(code('not-allowed'))
  // What is no writing is theirs.
  expect(ask(eve, 'participant.update', { room: 'x', name: self.name, hand: true }).hand).toBe(clock.now())
  ask(eve, 'presence.set', { status: 'available', name: 'BUY NOW' })
  ask(eve, 'room.leave', { room: 'x' })
  ask(bob, 'call.invite', { call: 'c', to: 'eve', media: 'audio' })
  ask(eve, 'call.reject', { call: 'c', message: 'BUY NOW' })
  expect(JSON.stringify(tape.entries)).not.toMatch(/BUY|evil/)
})

test('joining again on one connection tells no chat twice', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(ann, 'room.join', { room: 'x' })
  const message = ask(ann, 'chat.send', { room: 'x', id: '1', text: 'hello' })
  const chat = (session: Session) => ask(session, 'room.join', { room: 'x' }).chat
  expect([chat(bob), chat(bob), chat(ann)]).toEqual([[message], [], []])
  // The answer may have been lost with the connection.
  board.drop(bob, clock.now())
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
  board.drop(second, clock.now())
  board.drop(first, clock.now())
  come('one-more')
  expect(
    board.rooms
      .get('x')
      .participants()
      .map(({ id }) => id),
  ).toEqual([first.id])
})

test('who is named by the token cannot take another name', () => {
  const ann = come('ann', { name: 'Ann' })
  const other = come('bob')
  expect(ask(ann, 'room.join', { room: 'x', name: 'The Boss' }).self.name).toBe('Ann')
  expect(() => ask(ann, 'participant.update', { room: 'x', name: 'The Boss' })).toThrow(code('not-allowed'))
  ask(ann, 'participant.update', { room: 'x', name: 'Ann' })
  ask(ann, 'presence.set', { status: 'available', name: 'The Boss' })
  expect(board.presence.find('ann')?.name).toBe('Ann')
  expect(ask(other, 'room.join', { room: 'x' }).self.name).toBe('Guest')
  expect(ask(other, 'participant.update', { room: 'x', name: 'Ann' }).name).toBe('Ann (2)')
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

test('who is removed is told, and the others are', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  tape.take('ann')
  board.remove('x', 'bob', clock.now())
  expect(tape.take('bob')).toEqual([['room.ended', { room: 'x', reason: 'removed' }]])
  expect(tape.take('ann')).toEqual([['room.left', { room: 'x', id: 'bob', reason: 'removed' }]])
  expect(() => board.remove('x', 'bob', clock.now())).toThrow(code('no-such-participant'))
  expect(() => board.remove('y', 'bob', clock.now())).toThrow(code('no-such-room'))
})

test('who is removed while away hears of it, and nothing of what came after', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  const seen = tape.entries.at(-1)?.n ?? 0
  board.drop(bob, clock.now())
  ask(ann, 'chat.send', { room: 'x', id: '1', text: 'before' })
  board.remove('x', 'bob', clock.now())
  ask(ann, 'chat.send', { room: 'x', id: '2', text: 'after' })
  expect(enter('bob', {}, seen).missed?.map(({ event }) => event)).toEqual(['chat', 'room.ended'])
})

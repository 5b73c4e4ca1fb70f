import type { CallOutcome } from '@parley/protocol'
import { expect, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import type { Session } from './sessions/session.ts'
import { ask, board, boardForEachTest, clock, code, come, eventsOf, outcomes, tape } from './testing/board.ts'

boardForEachTest()

const callStates = (session: Session) =>
  tape.heard(session.id, 'call').map(({ state }) => (state.status === 'ended' ? state.outcome : state.status))

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
  ['closes the tab', ann => board.sessions.lose(ann, 'left', clock.now()), 'hung-up'],
  ['is removed', ann => board.removals.remove('call-1', ann.id, clock.now()), 'hung-up'],
  ['is sent out with everybody', () => board.close('call-1', clock.now()), 'hung-up'],
  [
    'vanishes',
    ann => {
      board.sessions.drop(ann, clock.now())
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
  board.sessions.lose(bob, 'left', clock.now())
  expect(board.calls.of('bob')?.state.status).toBe('ringing')
  const reloaded = come('bob7')
  clock.advance(10_000)
  board.sessions.lose(ann, 'left', clock.now())
  expect(callStates(reloaded)).toEqual(['cancelled'])
})

test('a call that nobody answers ends after 30 s, also where the callee has gone', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  ask(bob, 'presence.set', { status: 'available' })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  board.sessions.lose(bob, 'left', clock.now())
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

test('both sides of an accepted call are in a call', () => {
  const [ann, bob, watcher] = [come('ann'), come('bob'), come('cleo')]
  for (const one of [ann, bob]) ask(one, 'presence.set', { status: 'available' })
  ask(watcher, 'presence.watch', { watch: true })
  ask(ann, 'call.invite', { call: 'c', to: 'bob', media: 'video' })
  expect(eventsOf(watcher)).toEqual([])
  ask(bob, 'call.accept', { call: 'c', media: 'video' })
  expect(tape.heard('cleo', 'presence').map(({ status }) => status)).toEqual(['in-call', 'in-call'])
})

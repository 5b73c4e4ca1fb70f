import { AppError, type Call, type CallOutcome } from '@parley/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { Calls, type Invitation, type Party } from './calls.ts'
import type { CallIncident, CallMessage } from './rules.ts'

const ann: Party = { identity: 'ann', name: 'Ann', session: 'ann 1' }
const bob: Party = { identity: 'bob', name: 'Bob', session: 'bob 1' }
const cleo: Party = { identity: 'cleo', name: 'Cleo', session: 'cleo 1' }
const person = ({ identity, name }: Party) => ({ identity, name })
const code = (code: string) => expect.objectContaining({ code })

let changes: [Call, Call | undefined][]
let calls: Calls

beforeEach(() => {
  changes = []
  let rooms = 0
  calls = new Calls({
    ringMs: 30_000,
    keepMs: 60_000,
    newRoom: () => `call-${++rooms}`,
    changed: (call, before) => changes.push([call, before]),
  })
})

const invite = (id: string, caller: Party, callee: Party, more: Partial<Invitation> = {}, now = 0) =>
  calls.invite({ id, media: 'video', caller, callee: person(callee), calleeStatus: 'available', ...more }, now)

/** Who can say something: the two tabs of the call, another tab of each of the two people, and somebody else. */
const roles = {
  caller: ann,
  'caller’s other tab': { ...ann, session: 'ann 2' },
  callee: bob,
  'callee’s other tab': { ...bob, session: 'bob 2' },
  stranger: cleo,
}

/** Every state that a call can be in, and how it gets there. */
const states = {
  ringing: () => {},
  accepted: () => void calls.say('accept', 'c', bob, 1000),
  rejected: () => void calls.say('reject', 'c', bob, 1000),
  cancelled: () => void calls.say('cancel', 'c', ann, 1000),
  'no-answer': () => calls.timeout(30_000),
  'hung-up': () => {
    states.accepted()
    calls.say('hangup', 'c', ann, 1000)
  },
  'peer-lost': () => {
    states.accepted()
    calls.gone(bob.session, bob.identity, 'lost', 1000)
  },
}

const no = 'call-state'
const who = 'no-such-call'
/** What comes of each message: a new status, `same` for one that is done already, or an error. In the order of `roles`. */
const table: Record<CallMessage, Record<keyof typeof states, readonly string[]>> = {
  accept: {
    ringing: [no, no, 'accepted', 'accepted', who],
    accepted: [no, no, 'same', no, who],
    rejected: [no, no, no, no, who],
    cancelled: [no, no, no, no, who],
    'no-answer': [no, no, no, no, who],
    'hung-up': [no, no, no, no, who],
    'peer-lost': [no, no, no, no, who],
  },
  reject: {
    ringing: [no, no, 'rejected', 'rejected', who],
    accepted: [no, no, no, no, who],
    rejected: [no, no, 'same', 'same', who],
    cancelled: [no, no, no, no, who],
    'no-answer': [no, no, no, no, who],
    'hung-up': [no, no, no, no, who],
    'peer-lost': [no, no, no, no, who],
  },
  cancel: {
    ringing: ['cancelled', 'cancelled', no, no, who],
    accepted: [no, no, no, no, who],
    rejected: [no, no, no, no, who],
    cancelled: ['same', 'same', no, no, who],
    'no-answer': [no, no, no, no, who],
    'hung-up': [no, no, no, no, who],
    'peer-lost': [no, no, no, no, who],
  },
  hangup: {
    ringing: [no, no, no, no, who],
    accepted: ['hung-up', 'hung-up', 'hung-up', 'hung-up', who],
    rejected: ['same', 'same', 'same', 'same', who],
    cancelled: ['same', 'same', 'same', 'same', who],
    'no-answer': ['same', 'same', 'same', 'same', who],
    'hung-up': ['same', 'same', 'same', 'same', who],
    'peer-lost': ['same', 'same', 'same', 'same', who],
  },
}

/** What comes of a session that goes. In the order of `roles`. */
const goings: Record<Exclude<CallIncident, 'timeout'>, Record<keyof typeof states, readonly string[]>> = {
  lost: {
    ringing: ['peer-lost', 'same', 'same', 'same', 'same'],
    accepted: ['peer-lost', 'same', 'peer-lost', 'same', 'same'],
    rejected: ['same', 'same', 'same', 'same', 'same'],
    cancelled: ['same', 'same', 'same', 'same', 'same'],
    'no-answer': ['same', 'same', 'same', 'same', 'same'],
    'hung-up': ['same', 'same', 'same', 'same', 'same'],
    'peer-lost': ['same', 'same', 'same', 'same', 'same'],
  },
  left: {
    ringing: ['cancelled', 'same', 'same', 'same', 'same'],
    accepted: ['hung-up', 'same', 'hung-up', 'same', 'same'],
    rejected: ['same', 'same', 'same', 'same', 'same'],
    cancelled: ['same', 'same', 'same', 'same', 'same'],
    'no-answer': ['same', 'same', 'same', 'same', 'same'],
    'hung-up': ['same', 'same', 'same', 'same', 'same'],
    'peer-lost': ['same', 'same', 'same', 'same', 'same'],
  },
}

const summary = ({ state }: Call) => (state.status === 'ended' ? state.outcome : state.status)

function attempt(action: () => void): string {
  const before = changes.length
  try {
    action()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  const change = changes.slice(before)
  expect(change.length).toBeLessThanOrEqual(1)
  return change[0] ? summary(change[0][0]) : 'same'
}

const cases = <M extends string>(of: Record<M, Record<keyof typeof states, readonly string[]>>) =>
  (Object.keys(of) as M[]).flatMap(message =>
    (Object.keys(states) as (keyof typeof states)[]).flatMap(state =>
      (Object.keys(roles) as (keyof typeof roles)[]).map(
        (role, i) => [message, state, role, of[message][state][i] ?? 'missing'] as const,
      ),
    ),
  )

describe('every message in every state from every role', () => {
  test.each(cases(table))('%s while %s from the %s: %s', (message, state, role, expected) => {
    invite('c', ann, bob)
    states[state]()
    expect(attempt(() => calls.say(message, 'c', roles[role], 2000))).toBe(expected)
  })

  test.each(cases(goings))('the session is %s while %s, of the %s: %s', (how, state, role, expected) => {
    invite('c', ann, bob)
    states[state]()
    const { session, identity } = roles[role]
    expect(attempt(() => calls.gone(session, identity, how, 2000))).toBe(expected)
  })

  test.each(Object.keys(states) as (keyof typeof states)[])('time passes while %s', state => {
    invite('c', ann, bob)
    states[state]()
    expect(attempt(() => calls.timeout(29_999))).toBe('same')
    expect(attempt(() => calls.timeout(30_000))).toBe(state === 'ringing' ? 'no-answer' : 'same')
  })

  test.each(Object.keys(states) as (keyof typeof states)[])('the same invitation again while %s', state => {
    invite('c', ann, bob)
    states[state]()
    const call = changes.at(-1)?.[0]
    expect(attempt(() => expect(invite('c', ann, bob)).toBe(call))).toBe('same')
    expect(attempt(() => invite('c', cleo, bob))).toBe('bad-request')
  })
})

test('a call from ringing to hanging up, as the protocol shows it', () => {
  const call = invite('c', ann, bob, {}, 100)
  expect(call).toEqual({
    id: 'c',
    media: 'video',
    caller: { identity: 'ann', name: 'Ann' },
    callee: { identity: 'bob', name: 'Bob' },
    state: { status: 'ringing', since: 100, until: 30_100 },
  })
  expect(calls.of('ann')).toBe(call)
  expect(calls.of('bob')).toBe(call)
  expect(calls.say('accept', 'c', bob, 600, { media: 'audio' }).state).toEqual({
    status: 'accepted',
    since: 600,
    room: 'call-1',
    media: 'audio',
    callerSession: 'ann 1',
    calleeSession: 'bob 1',
  })
  expect(calls.active).toBe(1)
  expect(calls.say('hangup', 'c', ann, 5600).state).toEqual({
    status: 'ended',
    outcome: 'hung-up',
    at: 5600,
    durationMs: 5000,
  })
  expect(calls.active).toBe(0)
  expect(calls.of('ann')).toBeUndefined()
  expect(changes.map(([, before]) => before?.state.status)).toEqual([undefined, 'ringing', 'accepted'])
})

test('declining takes a message along', () => {
  invite('c', ann, bob)
  expect(calls.say('reject', 'c', bob, 1, { message: 'later' }).state).toMatchObject({ message: 'later' })
  invite('d', ann, bob)
  expect(calls.say('reject', 'd', bob, 1, { message: '' }).state).not.toHaveProperty('message')
})

test('one cannot call oneself, who is offline, or two people at once', () => {
  expect(() => invite('c', ann, { ...ann, session: 'ann 2' })).toThrow(code('call-self'))
  expect(() => invite('c', ann, bob, { calleeStatus: 'offline' })).toThrow(code('not-online'))
  invite('c', ann, bob)
  expect(() => invite('d', ann, cleo)).toThrow(code('call-in-progress'))
  expect(() => invite('d', { ...ann, session: 'ann 2' }, cleo)).toThrow(code('call-in-progress'))
  expect(() => invite('d', ann, bob)).toThrow(code('call-in-progress'))
  // Who is being called is in a call too.
  expect(() => invite('d', bob, cleo)).toThrow(code('call-in-progress'))
  calls.say('accept', 'c', bob, 1)
  expect(() => invite('d', bob, cleo)).toThrow(code('call-in-progress'))
  expect(changes).toHaveLength(2)
})

test.each<[string, () => void]>([
  ['rings', () => invite('c', cleo, bob)],
  ['is calling somebody', () => invite('c', bob, cleo)],
  [
    'talks',
    () => {
      invite('c', cleo, bob)
      calls.say('accept', 'c', bob, 1)
    },
  ],
])('somebody who %s is busy, and no trace is kept', (_, engage) => {
  engage()
  const before = changes.length
  expect(summary(invite('d', ann, bob))).toBe('busy')
  expect(changes).toHaveLength(before)
  expect(calls.of('ann')).toBeUndefined()
  expect(calls.active).toBe(1)
  expect(() => calls.say('cancel', 'd', ann, 2)).toThrow(code('no-such-call'))
})

test('somebody who sits in a room is busy; who is away is not', () => {
  expect(summary(invite('c', ann, bob, { calleeStatus: 'in-call' }))).toBe('busy')
  expect(summary(invite('c', ann, bob, { calleeStatus: 'away' }))).toBe('ringing')
})

test('two people who call each other are in one call', () => {
  invite('from-ann', ann, bob)
  const answer = invite('from-bob', bob, ann, { media: 'audio', calleeStatus: 'offline' }, 50)
  expect(answer).toMatchObject({
    id: 'from-ann',
    state: { status: 'accepted', media: 'audio', callerSession: 'ann 1', calleeSession: 'bob 1' },
  })
  expect(calls.active).toBe(1)
  // Bob’s answer got lost: he asks again, and hangs up by the id that he knows.
  expect(invite('from-bob', bob, ann)).toBe(answer)
  expect(summary(calls.say('hangup', 'from-bob', bob, 60))).toBe('hung-up')
})

test('time ends what rings and forgets what is over', () => {
  expect(calls.nextTimeout()).toBeUndefined()
  invite('c', ann, bob, {}, 0)
  invite('d', cleo, { ...bob, identity: 'dan' }, {}, 500)
  expect(calls.nextTimeout()).toBe(30_000)
  calls.say('reject', 'c', bob, 10_000)
  expect(calls.nextTimeout()).toBe(30_500)
  calls.timeout(30_500)
  expect(calls.nextTimeout()).toBe(70_000)
  calls.timeout(69_999)
  expect(summary(calls.say('reject', 'c', bob, 69_999))).toBe('rejected')
  calls.timeout(70_000)
  expect(() => calls.say('reject', 'c', bob, 70_000)).toThrow(code('no-such-call'))
  calls.timeout(90_500)
  expect(calls.nextTimeout()).toBeUndefined()
  expect(changes.map(([call]) => summary(call))).toEqual<(CallOutcome | 'ringing')[]>([
    'ringing',
    'ringing',
    'rejected',
    'no-answer',
  ])
})

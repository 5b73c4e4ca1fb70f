import type { Call } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { describe, expect, test, vi } from 'vitest'
import { settle } from '../testing/fake-link.ts'
import { imitateBrowser, openSession } from '../testing/fake-session.ts'
import { participant, snapshot } from '../testing/people.ts'
import type { CallHandle } from '../types.ts'

imitateBrowser()

const ann = { identity: 'ann', name: 'Ann' }
const bob = { identity: 'bob', name: 'Bob' }
const ringing: Call = {
  id: 'c1',
  media: 'video',
  caller: bob,
  callee: ann,
  state: { status: 'ringing', since: 1, until: 9 },
}
const accepted = (call: Call, change = {}): Call => ({
  ...call,
  state: {
    status: 'accepted',
    since: 2,
    room: 'tea',
    media: 'video',
    callerSession: 'b',
    calleeSession: 's1',
    ...change,
  },
})
/** Rings for as long as calls do, from the clock's beginning on. */
const rings = (): Call => {
  const since = new FakeClock().now()
  return { ...ringing, state: { status: 'ringing', since, until: since + 30_000 } }
}
const outgoing: Call = { ...ringing, caller: ann, callee: bob }
const ended = (call: Call): Call => ({ ...call, state: { status: 'ended', outcome: 'hung-up', at: 3 } })

test('a call that rang before anybody listened is told to the first listener, once', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  const heard: CallHandle[] = []
  await settle()
  session.on('incomingCall', call => heard.push(call))
  expect(heard).toEqual([])
  await settle()
  server.link.tell('call', ringing)
  expect(heard.map(({ call, direction }) => [call.id, direction])).toEqual([['c1', 'incoming']])
  expect(session.calls.get('c1')).toBe(heard[0])
})

test('a call that was over before anybody listened is not told', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  server.link.tell('call', ended(ringing))
  const heard = vi.fn()
  session.on('incomingCall', heard)
  await settle()
  expect(heard).not.toHaveBeenCalled()
  expect(session.calls.size).toBe(0)
})

test('accepting joins the call’s room; its end leaves it', async () => {
  const { session, server, media } = await openSession(new FakeClock(), { calls: [ringing] })
  const call = session.calls.get('c1') as CallHandle
  const events: string[] = []
  call.on('accepted', () => events.push('accepted'))
  call.on('ended', ({ state }) => events.push(state.status === 'ended' ? state.outcome : 'wrong'))
  const answering = call.accept('audio')
  expect(server.link.input('call.accept')).toEqual({ call: 'c1', media: 'audio' })
  await server.link.answer('call.accept', accepted(ringing))
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  const room = await answering
  expect(await call.joined()).toBe(room)
  expect(call.answeredElsewhere).toBe(false)
  server.link.tell('call', ringing)
  server.link.tell('call', accepted(ringing))
  server.link.tell('call', ended(ringing))
  expect(events).toEqual(['accepted', 'hung-up'])
  expect(room.state.status.status).toBe('ended')
  expect(media[0]?.closed).toBe(true)
  expect(session.calls.size).toBe(0)
})

test('both who are seated by the server enter without asking, and hear what happens at once', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  const call = session.calls.get('c1') as CallHandle
  const answering = call.accept()
  server.link.tell('room.entered', snapshot('s1'))
  server.link.tell('room.joined', { room: 'tea', participant: participant('b') })
  server.link.tell('call', accepted(ringing))
  await server.link.answer('call.accept', accepted(ringing))
  const room = await answering
  expect(room.state.participants.map(({ id }) => id)).toEqual(['b'])
  expect(server.link.names()).toEqual([])
  server.link.tell('call', ended(ringing))
  expect(room.state.status.status).toBe('ended')
})

test('a seat that comes while one asks for it is not taken twice', async () => {
  const { session, server, media } = await openSession(new FakeClock())
  const joining = session.join('tea')
  server.link.tell('room.entered', snapshot('s1'))
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  expect((await joining).state.participants).toHaveLength(1)
  expect(media).toHaveLength(1)
})

test('another tab answered: known, not announced as accepted, and not to be joined', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  const call = session.calls.get('c1') as CallHandle
  const heard = vi.fn()
  call.on('accepted', heard)
  const joining = call.joined().catch(error => error)
  server.link.tell('call', accepted(ringing, { calleeSession: 'other tab' }))
  expect(call.answeredElsewhere).toBe(true)
  expect(heard).not.toHaveBeenCalled()
  expect(await joining).toMatchObject({ code: 'call-ended', message: expect.stringMatching(/another/) })
})

test('the caller waits, then joins; a call that ends first says how', async () => {
  const { session, server } = await openSession(new FakeClock())
  const inviting = session.call('bob', 'audio')
  const id = server.link.input('call.invite').call
  await server.link.answer('call.invite', { ...outgoing, id })
  const call = await inviting
  expect(call.direction).toBe('outgoing')
  const joining = call.joined()
  server.link.tell('call', accepted({ ...outgoing, id }, { callerSession: 's1', calleeSession: 'b' }))
  await settle()
  await server.link.answer('room.join', snapshot('s1'))
  await expect(joining).resolves.toMatchObject({ name: 'tea' })

  const second = session.call('carl')
  const other = server.link.input('call.invite').call
  await server.link.answer('call.invite', { ...outgoing, id: other })
  const busy = (await second).joined().catch(error => error)
  server.link.tell('call', { ...outgoing, id: other, state: { status: 'ended', outcome: 'rejected', at: 1 } })
  expect(await busy).toMatchObject({ code: 'call-ended', call: { state: { outcome: 'rejected' } } })
})

test('who is busy is an outcome of the call, not an error', async () => {
  const { session, server } = await openSession(new FakeClock())
  const inviting = session.call('bob')
  const busy: Call = { ...outgoing, state: { status: 'ended', outcome: 'busy', at: 1 } }
  await server.link.answer('call.invite', busy)
  const call = await inviting
  expect(call.call.state).toMatchObject({ outcome: 'busy' })
  await expect(call.joined()).rejects.toMatchObject({ code: 'call-ended' })
  expect(session.calls.size).toBe(0)
})

test('two who call each other at once are in one call: the answer is the other’s', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  const theirs = session.calls.get('c1')
  const inviting = session.call('bob')
  await server.link.answer('call.invite', accepted(ringing))
  expect(await inviting).toBe(theirs)
  expect(session.calls.size).toBe(1)
})

test('leaving the room of a call hangs up', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] })
  const answering = (session.calls.get('c1') as CallHandle).accept()
  await server.link.answer('call.accept', accepted(ringing))
  await server.link.answer('room.join', snapshot('s1'))
  const room = await answering
  void room.leave()
  expect(server.link.names()).toEqual(['room.leave', 'call.hangup'])
})

test('a call that ended while the server was away is over; one that rings still rings', async () => {
  const { session, comeBack } = await openSession(new FakeClock(), { calls: [ringing] })
  const call = session.calls.get('c1') as CallHandle
  const heard: Call[] = []
  call.on('ended', one => heard.push(one))
  await comeBack({ resumed: false, calls: [ringing] })
  expect(heard).toEqual([])
  await comeBack({ resumed: false })
  expect(heard).toMatchObject([{ state: { status: 'ended', outcome: 'peer-lost' } }])
  expect(session.calls.size).toBe(0)
})

test('two who talk go on talking when a new server knows nothing of their call', async () => {
  const { session, server, media, comeBack } = await openSession(new FakeClock(), { calls: [ringing] })
  const call = session.calls.get('c1') as CallHandle
  const outcomes: string[] = []
  call.on('ended', ({ state }) => outcomes.push(state.status === 'ended' ? state.outcome : 'wrong'))
  const answering = call.accept()
  await server.link.answer('call.accept', accepted(ringing))
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  const room = await answering
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answer('participant.update', participant('s1'))
  expect(outcomes).toEqual([])
  expect(room.state.status).toEqual({ status: 'connected' })
  expect(media[0]?.closed).toBe(false)
  server.link.tell('room.left', { room: 'tea', id: 'b', reason: 'left' })
  expect(outcomes).toEqual(['hung-up'])
  expect(room.state.status.status).toBe('ended')
})

describe('the session ends', () => {
  test.each(['incoming', 'outgoing'] as const)('an %s call that rings is over, and nothing waits for it', async way => {
    const { clock, session, server } = await openSession(new FakeClock(), {
      calls: way === 'incoming' ? [rings()] : [],
    })
    if (way === 'outgoing') {
      const inviting = session.call('bob')
      await server.link.answer('call.invite', { ...rings(), caller: ann, callee: bob })
      await inviting
    }
    const call = session.calls.get('c1') as CallHandle
    const heard: unknown[] = []
    call.on('ended', ({ state }) => heard.push(state.status === 'ended' && state.outcome))
    const joined = call.joined().catch(error => error)
    server.link.refuse('token-expired')
    expect(heard).toEqual(['session-closed'])
    expect(await joined).toMatchObject({ code: 'call-ended' })
    await Promise.all([call.reject(), call.cancel(), call.hangUp()])
    expect(session.calls.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  test('so is an accepted one; its room says why', async () => {
    const { session, server } = await openSession(new FakeClock(), { calls: [rings()] })
    const call = session.calls.get('c1') as CallHandle
    const answering = call.accept()
    server.link.tell('room.entered', snapshot('s1'))
    await server.link.answer('call.accept', accepted(rings()))
    const room = await answering
    // What an application does when the room ends: nothing of it fails.
    const ends: unknown[] = []
    room.on('ended', ({ reason }) => ends.push(reason, call.hangUp()))
    session.close()
    expect(ends[0]).toBe('session-closed')
    await ends[1]
    expect(call.call.state).toMatchObject({ status: 'ended', outcome: 'session-closed' })
  })
})

describe('the server is away', () => {
  test('a call does not ring longer than the server would let it', async () => {
    const { clock, session, server } = await openSession(new FakeClock(), { calls: [rings()] })
    const call = session.calls.get('c1') as CallHandle
    server.link.down()
    clock.advance(36_000)
    expect(call.call.state).toMatchObject({ outcome: 'no-answer' })
  })

  test('declined, it is over at once, does not ring again, and the server hears of it', async () => {
    const { session, server, comeBack } = await openSession(new FakeClock(), { calls: [rings()] })
    const heard = vi.fn()
    session.on('incomingCall', heard)
    await settle()
    const call = session.calls.get('c1') as CallHandle
    server.link.down()
    await call.reject('later')
    expect(call.call.state).toMatchObject({ outcome: 'rejected' })
    await comeBack({ resumed: true, calls: [rings()] })
    expect(heard).toHaveBeenCalledTimes(1)
    expect(server.link.input('call.reject')).toEqual({ call: 'c1', message: 'later' })
  })

  test('cancelled when it had just been accepted: hung up', async () => {
    const { session, server, comeBack } = await openSession(new FakeClock())
    const inviting = session.call('bob')
    await server.link.answer('call.invite', { ...rings(), caller: ann, callee: bob })
    const call = await inviting
    server.link.down()
    await call.cancel()
    await comeBack({ resumed: true })
    await server.link.answerError('call.cancel', 'call-state')
    expect(server.link.input('call.hangup')).toEqual({ call: 'c1' })
  })
})

test('after a server that makes somebody else of us, our own calls are still outgoing', async () => {
  const { session, server, comeBack } = await openSession(new FakeClock())
  await comeBack({ resumed: false, identity: 'ann-2', session: 's2' })
  const heard = vi.fn()
  session.on('incomingCall', heard)
  const inviting = session.call('bob')
  await server.link.answer('call.invite', { ...rings(), caller: { identity: 'ann-2', name: 'Ann' }, callee: bob })
  expect((await inviting).direction).toBe('outgoing')
  await settle()
  expect(heard).not.toHaveBeenCalled()
})

test('a browser without WebRTC neither lets anybody ring nor answers', async () => {
  const { session, server } = await openSession(new FakeClock(), { calls: [ringing] }, false)
  await expect(session.call('bob')).rejects.toMatchObject({ code: 'media-unsupported' })
  await expect(session.calls.get('c1')?.accept()).rejects.toMatchObject({ code: 'media-unsupported' })
  expect(server.link.names()).toEqual([])
})

import type { Call, IceServer } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LiveSession } from './session.ts'
import { Connection } from './signalling/connection.ts'
import type { Welcome } from './signalling/port.ts'
import { FakeServer, settle } from './testing/fake-link.ts'
import { FakeMedia, FakeMediaStream, fakeTrack } from './testing/fake-media.ts'
import { message, participant, snapshot } from './testing/people.ts'
import type { CallHandle, Room, SessionState } from './types.ts'

const reported: unknown[] = []
beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeMediaStream)
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
})
afterEach(() => {
  vi.unstubAllGlobals()
  expect(reported.splice(0)).toEqual([])
})

/** A session over an imitated server and media plane, welcomed. */
async function setUp(welcome: Partial<Welcome> = {}) {
  const clock = new FakeClock()
  const server = new FakeServer()
  const media: FakeMedia[] = []
  let made: LiveSession | undefined
  const connection: Connection = new Connection({
    openLink: server.openLink,
    clock,
    random: () => 1,
    onState: state => made?.entered(state),
    onWelcome(first) {
      made ??= new LiveSession({
        connection,
        welcome: first,
        clock,
        openMedia(servers, self, events) {
          const plane = new FakeMedia(servers, self, events)
          media.push(plane)
          return plane
        },
      })
      return made.welcomed(first)
    },
  })
  const started = connection.start()
  await settle()
  server.link.welcome({ at: clock.now(), ...welcome })
  await started
  if (!made) throw new Error('no session')
  const session = made
  return {
    clock,
    server,
    media,
    session,
    async join(others = [participant('b')]): Promise<Room> {
      const joining = session.join('tea')
      await server.link.answer('room.join', snapshot(session.id, others))
      return joining
    },
    /** The connection breaks; the next one is welcomed like this. */
    async comeBack(next: Partial<Welcome>) {
      server.link.down()
      clock.advance(500)
      await settle()
      server.link.welcome({ at: clock.now(), ...next })
      await settle()
    },
  }
}

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
const outgoing: Call = { ...ringing, caller: ann, callee: bob }
const ended = (call: Call): Call => ({ ...call, state: { status: 'ended', outcome: 'hung-up', at: 3 } })

test('joining the same room twice is one seat and one Room', async () => {
  const { session, server, join } = await setUp()
  const first = session.join('tea')
  const room = await join()
  expect(await first).toBe(room)
  expect(await session.join('tea')).toBe(room)
  expect(server.link.names()).toEqual([])
})

test('a room that could not be joined can be tried again', async () => {
  const { session, server, join } = await setUp()
  const full = session.join('tea').catch(error => error)
  await server.link.answerError('room.join', 'room-full')
  expect(await full).toMatchObject({ code: 'room-full' })
  await expect(join()).resolves.toBeDefined()
})

test('the very next event after the answer is heard', async () => {
  const { session, server } = await setUp()
  const joining = session.join('tea')
  const answered = server.link.answer('room.join', snapshot('s1'))
  server.link.tell('room.joined', { room: 'tea', participant: participant('b') })
  await answered
  expect((await joining).state.participants.map(({ id }) => id)).toEqual(['b'])
})

test('events: people, chat, reactions, a host’s mute, the end; other rooms are not ours', async () => {
  const { server, media, join } = await setUp()
  const room = await join()
  const heard: unknown[] = []
  room.on('joined', ({ id }) => heard.push(['joined', id]))
  room.on('left', ({ participant: { id }, reason }) => heard.push(['left', id, reason]))
  room.on('chat', ({ id }) => heard.push(['chat', id]))
  room.on('reaction', ({ emoji }) => heard.push(['reaction', emoji]))
  room.on('mutedByHost', ({ source }) => heard.push(['muted', source]))
  room.on('ended', ({ reason }) => heard.push(['ended', reason]))
  const { link } = server
  link.tell('room.joined', { room: 'tea', participant: participant('c') })
  link.tell('room.joined', { room: 'coffee', participant: participant('x') })
  link.tell('chat', message('m', 1))
  link.tell('chat', message('m', 1))
  link.tell('reaction', { room: 'tea', from: 'b', emoji: '🎉' })
  link.tell('room.left', { room: 'tea', id: 'c', reason: 'lost' })
  link.tell('room.left', { room: 'tea', id: 'c', reason: 'lost' })
  link.tell('room.muted', { room: 'tea', source: 'microphone' })
  const signal = { connection: 'k', seq: 0, signal: { kind: 'restart' } } as const
  link.tell('signal', { room: 'tea', from: 'b', ...signal })
  link.tell('signal', { room: 'coffee', from: 'b', ...signal })
  link.tell('room.ended', { room: 'tea', reason: 'removed' })
  expect(heard).toEqual([
    ['joined', 'c'],
    ['chat', 'm'],
    ['reaction', '🎉'],
    ['left', 'c', 'lost'],
    ['muted', 'microphone'],
    ['ended', 'removed'],
  ])
  expect(media[0]?.received).toEqual([{ from: 'b', body: signal }])
  expect(media[0]?.closed).toBe(true)
  expect(room.state.status).toEqual({ status: 'ended', reason: 'removed' })
  await expect(room.sendChat('too late')).rejects.toMatchObject({ code: 'closed' })
})

test('one’s own message is shown once: by the answer or by the event', async () => {
  const { server, join } = await setUp()
  const room = await join()
  const heard: string[] = []
  room.on('chat', ({ text }) => heard.push(text))
  const sending = room.sendChat('hello')
  const { id } = server.link.input('chat.send')
  const kept = { ...message(id, 5, 's1'), text: 'hello' }
  server.link.tell('chat', kept)
  await server.link.answer('chat.send', kept)
  expect(await sending).toEqual(kept)
  expect(heard).toEqual(['hello'])
})

test('a kept seat goes on where it was: media untouched, messages that waited are sent', async () => {
  const { server, media, join, comeBack } = await setUp()
  const room = await join()
  const statuses: string[] = []
  room.on('changed', ({ status }) => statuses.push(status.status))
  const [plane] = media
  server.link.down()
  expect(room.state.status).toMatchObject({ status: 'reconnecting' })
  expect(plane?.peers).toMatchObject([{ id: 'b', reachable: false }])
  const sending = room.sendChat('while away')
  await comeBack({ resumed: true })
  expect(server.link.names()).toEqual(['chat.send'])
  expect(plane?.peers).toMatchObject([{ id: 'b', reachable: true }])
  await server.link.answer('chat.send', message('m', 1, 's1'))
  await sending
  expect(statuses).toContain('connected')
  expect(plane?.closed).toBe(false)
  expect(media).toHaveLength(1)
})

test('a lost seat is taken again before anything else; the difference is told', async () => {
  const { server, media, join, comeBack } = await setUp()
  const room = await join([participant('b'), participant('c')])
  const publishing = room.publish('microphone', fakeTrack('audio'))
  await settle()
  await server.link.answer('participant.update', participant('s1'))
  await publishing
  const raising = room.raiseHand(true)
  await server.link.answer('participant.update', participant('s1', { hand: 7 }))
  await raising
  const heard: unknown[] = []
  room.on('joined', ({ id }) => heard.push(['joined', id]))
  room.on('left', ({ participant: { id }, reason }) => heard.push(['left', id, reason]))
  room.on('chat', ({ id }) => heard.push(['chat', id]))
  server.link.down()
  const sending = room.sendChat('waited')
  await comeBack({ resumed: false })
  expect(server.link.names()).toEqual(['room.join'])
  await server.link.answer(
    'room.join',
    snapshot('s1', [participant('b'), participant('d')], { chat: [message('m', 1)] }),
  )
  expect(server.link.names()).toEqual(['participant.update'])
  expect(server.link.input('participant.update')).toEqual({
    room: 'tea',
    hand: true,
    tracks: [{ id: room.localTracks.get('microphone')?.id, source: 'microphone', muted: false }],
  })
  await server.link.answer('participant.update', participant('s1', { hand: 9 }))
  expect(room.state.self.hand).toBe(9)
  expect(server.link.names()).toEqual(['chat.send'])
  await server.link.answer('chat.send', message('mine', 2, 's1'))
  await sending
  expect(heard).toEqual([
    ['left', 'c', 'lost'],
    ['joined', 'd'],
    ['chat', 'm'],
    ['chat', 'mine'],
  ])
  expect(media).toHaveLength(1)
  expect(room.state.participants.map(({ id }) => id)).toEqual(['b', 'd'])
})

test('whose media flows though a new server does not know them yet is waited for', async () => {
  const { clock, server, media, join, comeBack } = await setUp()
  const room = await join([participant('b'), participant('c')])
  const left: string[] = []
  room.on('left', ({ participant: { id } }) => left.push(id))
  const plane = media[0] as FakeMedia
  plane.flowing.add('b').add('c')
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1'))
  await server.link.answer('participant.update', participant('s1'))
  expect(room.state.participants.map(({ id }) => id)).toEqual(['b', 'c'])
  expect(plane.peers.map(({ reachable }) => reachable)).toEqual([false, false])
  clock.advance(10_000)
  const joined = vi.fn()
  room.on('joined', joined)
  server.link.tell('room.joined', { room: 'tea', participant: participant('b') })
  expect(joined).not.toHaveBeenCalled()
  expect(plane.peers.map(({ id, reachable }) => [id, reachable])).toEqual([
    ['b', true],
    ['c', false],
  ])
  clock.advance(25_000)
  expect(left).toEqual(['c'])
  clock.advance(60_000)
  expect(left).toEqual(['c'])
})

test('a seat that is refused afterwards ends the room', async () => {
  const { server, media, join, comeBack } = await setUp()
  const room = await join()
  await comeBack({ resumed: false })
  await server.link.answerError('room.join', 'room-full')
  expect(room.state.status).toEqual({ status: 'ended', reason: 'closed' })
  expect(media[0]?.closed).toBe(true)
})

test('losing the connection while taking the seat again is tried again with the next one', async () => {
  const { server, join, comeBack } = await setUp()
  const room = await join()
  await comeBack({ resumed: false })
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  expect(room.state.status).toEqual({ status: 'connected' })
})

test('leaving stops the media at once and does not wait for a server that is away', async () => {
  const { server, media, session, join } = await setUp()
  const room = await join()
  const left = room.leave()
  expect(media[0]?.closed).toBe(true)
  expect(server.link.names()).toEqual(['room.leave'])
  await server.link.answer('room.leave', {})
  await left
  await room.leave()
  const joining = session.join('tea')
  await server.link.answer('room.join', snapshot('s1'))
  const second = await joining
  expect(second).not.toBe(room)
  server.link.down()
  await second.leave()
  expect(second.state.status).toEqual({ status: 'ended', reason: 'left' })
})

test('loudness is measured only while somebody listens', async () => {
  const { clock, join } = await setUp()
  const room = await join([participant('b', { tracks: [{ id: 'm', source: 'microphone', muted: false }] })])
  const heard = vi.fn()
  const stop = room.on('levels', heard)
  clock.advance(160)
  await settle()
  clock.advance(160)
  await settle()
  expect(heard).toHaveBeenCalledTimes(2)
  expect(heard).toHaveBeenLastCalledWith(new Map([['b', 0.5]]))
  stop()
  clock.advance(1_000)
  await settle()
  expect(heard).toHaveBeenCalledTimes(2)
  expect(clock.pending).toBe(0)
})

test('closing the session ends its rooms and leaves no timer', async () => {
  const { clock, session, media, join } = await setUp()
  const room = await join()
  const states: SessionState[] = []
  session.on('state', state => states.push(state))
  session.close()
  session.close()
  expect(room.state.status).toEqual({ status: 'ended', reason: 'session-closed' })
  expect(media[0]?.closed).toBe(true)
  expect(states).toEqual([{ status: 'closed', error: undefined }])
  expect(clock.pending).toBe(0)
  await expect(session.join('tea')).rejects.toMatchObject({ code: 'closed' })
})

test('a call that rang before anybody listened is told to the first listener, once', async () => {
  const { session, server } = await setUp({ calls: [ringing] })
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
  const { session, server } = await setUp({ calls: [ringing] })
  server.link.tell('call', ended(ringing))
  const heard = vi.fn()
  session.on('incomingCall', heard)
  await settle()
  expect(heard).not.toHaveBeenCalled()
  expect(session.calls.size).toBe(0)
})

test('accepting joins the call’s room; its end leaves it', async () => {
  const { session, server, media } = await setUp({ calls: [ringing] })
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

test('another tab answered: known, not announced as accepted, and not to be joined', async () => {
  const { session, server } = await setUp({ calls: [ringing] })
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
  const { session, server } = await setUp()
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
  const { session, server } = await setUp()
  const inviting = session.call('bob')
  const busy: Call = { ...outgoing, state: { status: 'ended', outcome: 'busy', at: 1 } }
  await server.link.answer('call.invite', busy)
  const call = await inviting
  expect(call.call.state).toMatchObject({ outcome: 'busy' })
  await expect(call.joined()).rejects.toMatchObject({ code: 'call-ended' })
  expect(session.calls.size).toBe(0)
})

test('two who call each other at once are in one call: the answer is the other’s', async () => {
  const { session, server } = await setUp({ calls: [ringing] })
  const theirs = session.calls.get('c1')
  const inviting = session.call('bob')
  await server.link.answer('call.invite', accepted(ringing))
  expect(await inviting).toBe(theirs)
  expect(session.calls.size).toBe(1)
})

test('leaving the room of a call hangs up', async () => {
  const { session, server } = await setUp({ calls: [ringing] })
  const answering = (session.calls.get('c1') as CallHandle).accept()
  await server.link.answer('call.accept', accepted(ringing))
  await server.link.answer('room.join', snapshot('s1'))
  const room = await answering
  void room.leave()
  expect(server.link.names()).toEqual(['room.leave', 'call.hangup'])
})

test('a call that ended while the server was away is over; one that rings still rings', async () => {
  const { session, comeBack } = await setUp({ calls: [ringing] })
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
  const { session, server, media, comeBack } = await setUp({ calls: [ringing] })
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

test('people: listed, changed, gone; asked for again after everything was lost', async () => {
  const { session, server, comeBack } = await setUp()
  const present = session.setPresence('available', 'Ann')
  await server.link.answer('presence.set', {})
  await present
  const watching = session.watchPeople()
  await server.link.answer('presence.watch', { people: [{ ...bob, status: 'available' }] })
  const stop = await watching
  const again = await session.watchPeople()
  const pictures: number[] = []
  session.on('presence', people => pictures.push(people.size))
  server.link.tell('presence', { identity: 'carl', name: 'Carl', status: 'away' })
  server.link.tell('presence', { ...bob, status: 'offline' })
  expect([...session.people.keys()]).toEqual(['carl'])
  expect(pictures).toEqual([2, 1])
  await comeBack({ resumed: false })
  expect(server.link.names()).toEqual(['presence.set', 'presence.watch'])
  expect(server.link.input('presence.set')).toEqual({ status: 'available', name: 'Ann' })
  await server.link.answer('presence.set', {})
  await server.link.answer('presence.watch', { people: [] })
  expect(session.people.size).toBe(0)
  stop()
  stop()
  expect(server.link.names()).toEqual([])
  again()
  expect(server.link.input('presence.watch')).toEqual({ watch: false })
})

test('ICE servers are refreshed before they expire, and reach the rooms', async () => {
  const servers = (seconds: number): IceServer[] => [{ urls: ['turn:t'], username: `${seconds}:ann`, credential: 'x' }]
  const now = 1_704_067_200
  const { clock, server, session, media, join } = await setUp({ iceServers: servers(now + 1000) })
  await join()
  expect(media[0]?.servers).toEqual(servers(now + 1000))
  clock.advance(800_000)
  await server.link.answer('ice.servers', { iceServers: servers(now + 9000) })
  expect(session.iceServers).toEqual(servers(now + 9000))
  expect(media[0]?.servers).toEqual(servers(now + 9000))
})

test('rooms tell the server’s time', async () => {
  const { clock, join } = await setUp({ at: 5_000 })
  const room = await join()
  clock.advance(250)
  expect(room.serverNow()).toBe(5_250)
})

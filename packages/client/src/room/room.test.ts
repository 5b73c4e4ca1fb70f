import { FakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { type FakeLink, settle } from '../testing/fake-link.ts'
import type { FakeMedia } from '../testing/fake-media.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { imitateBrowser, openSession } from '../testing/fake-session.ts'
import { message, participant, snapshot } from '../testing/people.ts'

imitateBrowser()

test('the very next event after the answer is heard', async () => {
  const { session, server } = await openSession(new FakeClock())
  const joining = session.join('tea')
  const answered = server.link.answer('room.join', snapshot('s1'))
  server.link.tell('room.joined', { room: 'tea', participant: participant('b') })
  await answered
  expect((await joining).state.participants.map(({ id }) => id)).toEqual(['b'])
})

test('events: people, chat, reactions, a host’s mute, the end; other rooms are not ours', async () => {
  const { server, media, join } = await openSession(new FakeClock())
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

test('a camera that is unplugged is told of, and the others are told that it is muted', async () => {
  const { server, join } = await openSession(new FakeClock())
  const room = await join()
  const ended: unknown[] = []
  room.on('trackEnded', ({ source }) => ended.push(source))
  const camera = fakeTrack('video')
  const published = room.publish('camera', camera)
  await settle()
  await server.link.answer('participant.update', participant(room.state.self.id))
  await published
  camera.dispatchEvent(new Event('ended'))
  const { id } = room.localTracks.get('camera') ?? expect.unreachable()
  await settle()
  expect(server.link.input('participant.update')).toMatchObject({ tracks: [{ id, source: 'camera', muted: true }] })
  expect(ended).toEqual(['camera'])
  expect(room.state.self.tracks).toMatchObject([{ source: 'camera', muted: true, mediaTrack: undefined }])
})

test('who was here before us and has something to send, or has only just come, offers first', async () => {
  const { session, server, media } = await openSession(new FakeClock())
  const joining = session.join('tea')
  const tracks = [{ id: 'cam', source: 'camera', muted: false } as const]
  const others = [
    participant('sends', { joinedAt: 1, tracks }),
    participant('is silent', { joinedAt: 2 }),
    participant('may be about to', { joinedAt: 5_999 }),
  ]
  const self = participant('s1', { joinedAt: 6_000 })
  await server.link.answer('room.join', snapshot('s1', others, { self }))
  await joining
  server.link.tell('room.joined', { room: 'tea', participant: participant('later', { joinedAt: 6_001, tracks }) })
  expect(media[0]?.peers.filter(({ offersFirst }) => offersFirst).map(({ id }) => id)).toEqual([
    'sends',
    'may be about to',
  ])
})

test('one’s own message is shown once: by the answer or by the event', async () => {
  const { server, join } = await openSession(new FakeClock())
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
  const { server, media, join, comeBack } = await openSession(new FakeClock())
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
  const { server, media, join, comeBack } = await openSession(new FakeClock())
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
  const { clock, server, media, join, comeBack } = await openSession(new FakeClock())
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

test('after a restart of the server nobody leaves to come back, though the SFU went with it', async () => {
  const { clock, server, comeBack, room, plane } = await throughSfu()
  const heard: unknown[] = []
  room.on('joined', ({ id }) => heard.push(['joined', id]))
  room.on('left', ({ participant: { id } }) => heard.push(['left', id]))
  await comeBack({ resumed: false })
  const sfu = { wish: 'auto', now: 'sfu' } as const
  expect(server.link.input('room.join')).toMatchObject({ capacity: 100, topology: 'auto', topologyNow: 'sfu' })
  await server.link.answer('room.join', snapshot('s1', [], { createdAt: 2, topology: sfu }))
  expect(room.state.participants.map(({ id }) => id)).toEqual(['b', 'c'])
  expect(plane.peers.map(({ id, reachable }) => [id, reachable])).toEqual([
    ['b', false],
    ['c', false],
  ])
  server.link.tell('room.joined', { room: 'tea', participant: participant('c') })
  expect(heard).toEqual([])
  clock.advance(35_000)
  expect(heard).toEqual([['left', 'b']])
})

test('of a room that lived on, those who are missing have left', async () => {
  const { server, comeBack, room } = await throughSfu()
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('c')]))
  expect(room.state.participants.map(({ id }) => id)).toEqual(['c'])
})

test('a seat that is refused afterwards ends the room', async () => {
  const { server, media, join, comeBack } = await openSession(new FakeClock())
  const room = await join()
  await comeBack({ resumed: false })
  await server.link.answerError('room.join', 'room-full')
  expect(room.state.status).toEqual({ status: 'ended', reason: 'closed' })
  expect(media[0]?.closed).toBe(true)
})

test('losing the connection while taking the seat again is tried again with the next one', async () => {
  const { server, join, comeBack } = await openSession(new FakeClock())
  const room = await join()
  await comeBack({ resumed: false })
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  expect(room.state.status).toEqual({ status: 'connected' })
})

test('leaving stops the media at once and does not wait for a server that is away', async () => {
  const { server, media, session, join } = await openSession(new FakeClock())
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
  const { clock, join } = await openSession(new FakeClock())
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

/** A room whose media goes through the SFU, with `b` and `c`. */
async function throughSfu() {
  const opened = await openSession(new FakeClock())
  const joining = opened.session.join('tea')
  const sfu = { topology: { wish: 'auto', now: 'sfu' } } as const
  await opened.server.link.answer('room.join', snapshot('s1', [participant('b'), participant('c')], sfu))
  const plane = opened.media[0] as FakeMedia
  /** A new server, which knows nobody: everybody takes their seat again. */
  const startAnew = async (...others: string[]) => {
    await opened.comeBack({ resumed: false })
    const people = others.map(id => participant(id))
    await opened.server.link.answer('room.join', snapshot('s1', people, sfu))
    await opened.server.link.answer('participant.update', participant('s1'))
  }
  return { ...opened, room: await joining, plane, startAnew }
}

/** What the server was asked to send, since last time; it agrees to all. */
async function wishes({ link }: { link: FakeLink }) {
  const asked = link.asked.filter(({ name }) => name === 'media.subscribe').map(({ input }) => input)
  for (const _ of asked) await link.answer('media.subscribe', {})
  return asked
}

const off = { participant: 'b', track: 'camera', state: 'off' } as const
const paused = { participant: 'c', track: 'camera', state: 'paused' } as const

test('the way media goes is in the state, and the media plane takes it', async () => {
  const { server, media, join } = await openSession(new FakeClock())
  const room = await join()
  const seen: string[] = []
  room.on('changed', ({ topology }) => seen.push(topology.now))
  expect([room.state.topology.now, media[0]?.topology]).toEqual(['mesh', 'mesh'])
  server.link.tell('room.topology', { room: 'tea', topology: 'sfu' })
  server.link.tell('room.topology', { room: 'coffee', topology: 'mesh' })
  expect([room.state.topology, media[0]?.topology]).toEqual([{ wish: 'auto', now: 'sfu' }, 'sfu'])
  expect(seen).toEqual(['sfu'])
})

test('media is called a mesh when the server carries none of it any more', async () => {
  const { server, room, plane } = await throughSfu()
  server.link.tell('room.topology', { room: 'tea', topology: 'mesh' })
  expect([room.state.topology.now, plane.topology]).toEqual(['sfu', 'mesh'])
  server.link.tell('room.settled', { room: 'tea' })
  expect(room.state.topology).toEqual({ wish: 'auto', now: 'mesh' })
})

test('how the way serves us is said while there is a connection, and the server’s answer heard', async () => {
  const { server, media, join } = await openSession(new FakeClock())
  await join()
  const plane = media[0] as FakeMedia
  const said = plane.events.report('mesh', 'failed')
  expect(server.link.input('media.report')).toEqual({ room: 'tea', topology: 'mesh', state: 'failed' })
  await server.link.answer('media.report', {})
  await said
  server.link.tell('room.settled', { room: 'tea' })
  server.link.tell('room.settled', { room: 'coffee' })
  expect(plane.settlements).toBe(1)
  server.link.down()
  await expect(plane.events.report('mesh', 'failed')).rejects.toMatchObject({ code: 'unreachable' })
})

test('what the SFU says reaches the media plane of its room, and what the plane says the SFU', async () => {
  const { server, plane } = await throughSfu()
  const body = { side: 'subscribe', connection: 'k', seq: 3, signal: { kind: 'close' } } as const
  server.link.tell('media.signal', { room: 'tea', ...body })
  server.link.tell('media.signal', { room: 'coffee', ...body })
  expect(plane.negotiated).toEqual([body])
  server.link.tell('media.lost', { room: 'tea' })
  server.link.tell('media.lost', { room: 'coffee' })
  expect(plane.losses).toBe(1)
  const sent = plane.events.negotiate({ ...body, side: 'publish' })
  expect(server.link.input('media.negotiate')).toEqual({ room: 'tea', ...body, side: 'publish' })
  await server.link.answerError('media.negotiate', 'no-sfu')
  await expect(sent).rejects.toMatchObject({ code: 'no-sfu' })
})

test('wishes wait for an SFU, and the newest of each track is said again to one that knows nothing', async () => {
  const { server, join } = await openSession(new FakeClock())
  const room = await join([participant('b'), participant('c')])
  await room.subscribe({ auto: false, tracks: [{ ...off, state: 'on' }] })
  await room.subscribe({ tracks: [off, paused] })
  expect(await wishes(server)).toEqual([])
  const all = [
    { room: 'tea', auto: false },
    { room: 'tea', tracks: [off, paused] },
  ]
  server.link.tell('room.topology', { room: 'tea', topology: 'sfu' })
  expect(await wishes(server)).toEqual(all)
  server.link.tell('media.lost', { room: 'tea' })
  expect(await wishes(server)).toEqual(all)
  server.link.tell('room.left', { room: 'tea', id: 'c', reason: 'left' })
  server.link.tell('media.lost', { room: 'tea' })
  expect(await wishes(server)).toEqual([all[0], { room: 'tea', tracks: [off] }])
})

test('the media plane is told what the SFU is not to send', async () => {
  const { server, room, plane } = await throughSfu()
  const tracks = (['camera', 'microphone'] as const).map(source => ({ id: source, source, muted: false }))
  server.link.tell('room.changed', { room: 'tea', participant: participant('b', { tracks }) })
  const unwanted = () => [...(plane.peers[0]?.unwanted ?? [])]
  expect(unwanted()).toEqual([])
  void room.subscribe({ tracks: [off] })
  expect(unwanted()).toEqual(['camera'])
  void room.subscribe({ auto: false, tracks: [{ ...off, state: 'on' }] })
  expect(unwanted()).toEqual(['microphone'])
  void room.subscribe({ tracks: [{ ...off, state: 'paused' }] })
  expect(unwanted()).toEqual(['camera', 'microphone'])
})

test('a wish that the server refuses rejects', async () => {
  const { server, room } = await throughSfu()
  const asking = room.subscribe({ tracks: [off] })
  await server.link.answerError('media.subscribe', 'not-allowed')
  await expect(asking).rejects.toMatchObject({ code: 'not-allowed' })
})

test('wishes outlive the server, also those about people who take their seats later than we do', async () => {
  const { server, room, plane, startAnew } = await throughSfu()
  const asking = room.subscribe({ tracks: [off, paused] })
  await server.link.answer('media.subscribe', {})
  await asking
  plane.flowing.add('b')
  await startAnew('c')
  expect(plane.losses).toBe(1)
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [off, paused] }])
  server.link.tell('room.joined', { room: 'tea', participant: participant('b') })
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [off] }])
  await startAnew('b')
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [off, paused] }])
  server.link.tell('room.joined', { room: 'tea', participant: participant('c') })
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [paused] }])
})

test('a server that comes back with a mesh is not asked for what only an SFU can do', async () => {
  const { server, room, plane, comeBack } = await throughSfu()
  const asking = room.subscribe({ auto: false })
  await server.link.answer('media.subscribe', {})
  await asking
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answer('participant.update', participant('s1'))
  expect([room.state.topology.now, plane.topology]).toEqual(['mesh', 'mesh'])
  expect(await wishes(server)).toEqual([])
})

test('who leaves while the seat is being taken again has left, whatever the server answers', async () => {
  const { server, room, plane, comeBack } = await throughSfu()
  await comeBack({ resumed: false })
  const left = room.leave()
  plane.losses = 0
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  expect(room.state.status).toEqual({ status: 'ended', reason: 'left' })
  expect(plane.losses).toBe(0)
  await left
})

test('what is published says how many of the hosts’ mutes were known; a new seat has none', async () => {
  const { session, server, join, comeBack } = await openSession(new FakeClock())
  const room = await join()
  const publishing = room.publish('microphone', fakeTrack('audio'))
  await settle()
  server.link.tell('room.muted', { room: 'tea', source: 'microphone' })
  expect(server.link.input('participant.update')).toMatchObject({ tracks: [{ muted: false }], mutesHeard: 0 })
  await server.link.answer('participant.update', participant('s1'))
  const microphone = await publishing
  expect(microphone.muted).toBe(true)
  const unmuting = microphone.unmute()
  await settle()
  expect(server.link.input('participant.update')).toMatchObject({ tracks: [{ muted: false }], mutesHeard: 1 })
  await server.link.answer('participant.update', participant('s1'))
  await unmuting
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot(session.id))
  await server.link.answer('participant.update', participant(session.id))
  const muting = microphone.mute()
  await settle()
  expect(server.link.input('participant.update')).toMatchObject({ mutesHeard: 0 })
  await server.link.answer('participant.update', participant(session.id))
  await muting
})

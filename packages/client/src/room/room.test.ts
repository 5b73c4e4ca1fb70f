import { FakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { settle } from '../testing/fake-link.ts'
import { type FakeMedia, fakeTrack } from '../testing/fake-media.ts'
import { imitateBrowser, openSession, throughSfu } from '../testing/fake-session.ts'
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
  const recording = room.setRecording(true)
  await server.link.answer('participant.update', participant('s1', { hand: 7, recording: 8 }))
  await recording
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
    recording: true,
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
  const { clock, server, comeBack, room, plane } = await throughSfu(new FakeClock())
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
  const { server, comeBack, room } = await throughSfu(new FakeClock())
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('c')]))
  expect(room.state.participants.map(({ id }) => id)).toEqual(['c'])
})

test('a seat that is refused afterwards ends the room', async () => {
  const { server, media, join, comeBack } = await openSession(new FakeClock())
  const room = await join()
  await comeBack({ resumed: false })
  await server.link.answerError('room.join', 'room-full')
  expect(room.state.status).toMatchObject({ status: 'ended', reason: 'closed', error: { code: 'room-full' } })
  expect(media[0]?.closed).toBe(true)
})

test('a seat that was asked for when the connection was lost again is asked for anew, also by a session that lived on', async () => {
  const { server, join, comeBack } = await openSession(new FakeClock())
  const room = await join()
  await comeBack({ resumed: false })
  expect(server.link.names()).toEqual(['room.join'])
  server.link.down()
  await comeBack({ resumed: true })
  expect(server.link.names()).toEqual(['room.join'])
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  server.link.down()
  await comeBack({ resumed: true })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answer('participant.update', participant('s1'))
  expect(room.state.status).toEqual({ status: 'connected' })
  server.link.down()
  await comeBack({ resumed: true })
  expect(server.link.names()).toEqual([])
})

test('a seat for which the server has no time yet is asked for again', async () => {
  const clock = new FakeClock()
  const { server, join, comeBack } = await openSession(clock)
  const room = await join()
  await comeBack({ resumed: false })
  await server.link.answerError('room.join', 'rate-limited')
  expect(server.link.names()).toEqual([])
  await vi.waitFor(() => {
    clock.advance(500)
    expect(server.link.names()).toEqual(['room.join'])
  })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answerError('participant.update', 'rate-limited')
  await vi.waitFor(() => {
    clock.advance(1000)
    expect(server.link.names()).toEqual(['room.join'])
  })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answer('participant.update', participant('s1'))
  expect(room.state.participants.map(({ id }) => id)).toEqual(['b'])
  expect(room.state.status).toEqual({ status: 'connected' })
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

test('who leaves while the seat is being taken again has left, whatever the server answers', async () => {
  const { server, room, plane, comeBack } = await throughSfu(new FakeClock())
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

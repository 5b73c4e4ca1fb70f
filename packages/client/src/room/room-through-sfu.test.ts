import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { FakeElement } from '../testing/fake-element.ts'
import type { FakeLink } from '../testing/fake-link.ts'
import type { FakeMedia } from '../testing/fake-media.ts'
import { imitateBrowser, openSession, throughSfu } from '../testing/fake-session.ts'
import { participant, snapshot } from '../testing/people.ts'

imitateBrowser()

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
  const { server, room, plane } = await throughSfu(new FakeClock())
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
  const { server, plane } = await throughSfu(new FakeClock())
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
  const { server, room, plane } = await throughSfu(new FakeClock())
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
  const { server, room } = await throughSfu(new FakeClock())
  const asking = room.subscribe({ tracks: [off] })
  await server.link.answerError('media.subscribe', 'not-allowed')
  await expect(asking).rejects.toMatchObject({ code: 'not-allowed' })
})

test('wishes outlive the server, also those about people who take their seats later than we do', async () => {
  const { server, room, plane, startAnew } = await throughSfu(new FakeClock())
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
  const { server, room, plane, comeBack } = await throughSfu(new FakeClock())
  const asking = room.subscribe({ auto: false })
  await server.link.answer('media.subscribe', {})
  await asking
  await comeBack({ resumed: false })
  await server.link.answer('room.join', snapshot('s1', [participant('b')]))
  await server.link.answer('participant.update', participant('s1'))
  expect([room.state.topology.now, plane.topology]).toEqual(['mesh', 'mesh'])
  expect(await wishes(server)).toEqual([])
})

/** A room in which Bob and Cho have cameras, and Bob's is shown in an element. */
async function shown() {
  const clock = new FakeClock()
  const through = await throughSfu(clock)
  const { server, room } = through
  const tracks = [{ id: 'camera', source: 'camera', muted: false } as const]
  for (const id of ['b', 'c'])
    server.link.tell('room.joined', { room: 'tea', participant: participant(id, { tracks }) })
  const element = new FakeElement()
  const view = room.view('b', 'camera', element as unknown as HTMLElement, { priority: 'high' })
  element.resize(320, 180)
  const after = async (ms: number) => {
    clock.advance(ms)
    return wishes(server)
  }
  return { ...through, element, view, after }
}

const camera = (participant: string, wish: object) => ({ participant, track: 'camera', ...wish })
const seen = camera('b', { state: 'on', width: 320, height: 180, priority: 'high' })

test('a track is asked for as it is shown, and pictures that are shown nowhere are paused', async () => {
  const { plane, element, view, after } = await shown()
  const unwanted = () => plane.peers.filter(peer => peer.unwanted.size > 0).map(({ id }) => id)
  expect(await after(0)).toEqual([{ room: 'tea', tracks: [seen] }])
  expect(await after(500)).toEqual([{ room: 'tea', tracks: [camera('c', { state: 'paused' })] }])
  expect(unwanted()).toEqual(['c'])
  element.scroll(false)
  expect(await after(500)).toEqual([{ room: 'tea', tracks: [camera('b', { state: 'paused' })] }])
  expect(unwanted()).toEqual(['b', 'c'])
  element.scroll(true)
  expect(await after(0)).toEqual([{ room: 'tea', tracks: [seen] }])
  view.close()
  expect(element.watchers).toBe(0)
})

test('what is said by hand comes before what follows from a view', async () => {
  const { server, room, element, after } = await shown()
  await after(500)
  void room.subscribe({ tracks: [{ participant: 'b', track: 'camera', state: 'on', layer: { spatial: 0 } }] })
  const chosen = { ...seen, layer: { spatial: 0 } }
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [chosen] }])
  void room.subscribe({ tracks: [off] })
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [off] }])
  element.resize(640, 360)
  expect(await after(500)).toEqual([{ room: 'tea', tracks: [off] }])
})

test('an SFU that knows nothing is told what is shown; one that is asked too fast, again', async () => {
  const { server, after } = await shown()
  const clear = camera('c', { state: 'paused' })
  await after(500)
  server.link.tell('media.lost', { room: 'tea' })
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [seen, clear] }])
  server.link.tell('room.left', { room: 'tea', id: 'c', reason: 'left' })
  server.link.tell('media.lost', { room: 'tea' })
  expect(await wishes(server)).toEqual([{ room: 'tea', tracks: [seen] }])
})

test('a view that the server was too busy to hear of is told again', async () => {
  const clock = new FakeClock()
  const { server, room } = await throughSfu(clock)
  const tracks = [{ id: 'camera', source: 'camera', muted: false } as const]
  server.link.tell('room.changed', { room: 'tea', participant: participant('b', { tracks }) })
  const element = new FakeElement()
  room.view('b', 'camera', element as unknown as HTMLElement)
  element.resize(320, 180)
  clock.advance(0)
  await server.link.answerError('media.subscribe', 'rate-limited')
  clock.advance(1000)
  expect(await wishes(server)).toEqual([
    { room: 'tea', tracks: [camera('b', { state: 'on', width: 320, height: 180 })] },
  ])
})

import type { SignalBody, Topology } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import type { IncomingTrack, MediaPeer, MediaPlaneEvents } from '../room/media-plane.ts'
import { FakeMedia, fakeTrack } from '../testing/fake-media.ts'
import type { ConnectionStatus } from '../types.ts'
import { Ladder } from './ladder.ts'

const self = { id: 'me', subscribe: true }

let clock: FakeClock
let opened: { readonly topology: Topology; readonly plane: FakeMedia }[]
let shown: Map<string, MediaStreamTrack | undefined>
let statuses: Map<string, ConnectionStatus['status']>
let sent: { readonly to: string; readonly signal: SignalBody['signal'] }[]
let sending: () => Promise<unknown>

beforeEach(() => {
  clock = new FakeClock()
  opened = []
  shown = new Map()
  statuses = new Map()
  sent = []
  sending = async () => {}
})

function ladder(topology: Topology): Ladder {
  const open = (topology: Topology) => (who: typeof self, events: MediaPlaneEvents) => {
    const plane = new FakeMedia({ iceServers: () => [], self: who, topology, events })
    opened.push({ topology, plane })
    return plane
  }
  return new Ladder({
    self,
    topology,
    clock,
    openMesh: open('mesh'),
    openSfu: open('sfu'),
    events: {
      send(to, { signal }) {
        sent.push({ to, signal })
        return sending()
      },
      negotiate: async () => {},
      media: (participant, stream, incoming) => shown.set(`${participant}/${stream}`, incoming?.track),
      connection: (participant, { status }) => statuses.set(participant, status),
      quality() {},
    },
  })
}

const peer = (id: string, more: Partial<MediaPeer> = {}): MediaPeer => ({
  id,
  subscribe: true,
  tracks: [{ id: 'cam', source: 'camera', muted: false }],
  reachable: true,
  throughServer: false,
  offersFirst: false,
  ...more,
})
const plane = (index: number): FakeMedia => {
  const found = opened[index]
  if (!found) throw new Error(`plane ${index} was never opened`)
  return found.plane
}
const settled = (topology: Topology, seq = 0): SignalBody => ({
  connection: 'theirs',
  seq,
  signal: { kind: 'settled', topology },
})
const flowing = (track: MediaStreamTrack): IncomingTrack => ({ track, flows: true })
const connected: ConnectionStatus = { status: 'connected' }

/** Lets everything that was asked of the browser be answered. */
const looked = () => new Promise(resolve => setImmediate(resolve))

/** A mesh with Ann, whose camera is seen. */
function withAnn() {
  const room = ladder('mesh')
  const camera = fakeTrack('video')
  room.setPeers([peer('ann')])
  plane(0).events.connection('ann', connected)
  plane(0).events.media('ann', 'cam', flowing(camera))
  return { room, camera }
}

test('the old way stays open until both have everything by the new one', async () => {
  const { room, camera } = withAnn()
  room.setTopology('sfu')
  expect(opened.map(({ topology }) => topology)).toEqual(['mesh', 'sfu'])
  expect(shown.get('ann/cam')).toBe(camera)
  expect(sent).toEqual([])

  const forwarded = fakeTrack('video')
  plane(1).events.connection('ann', connected)
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  expect(shown.get('ann/cam')).toBe(forwarded)
  await looked()
  expect(sent).toEqual([{ to: 'ann', signal: { kind: 'settled', topology: 'sfu' } }])
  expect(plane(0).closed).toBe(false)

  room.receive('ann', settled('sfu'))
  expect(plane(0).closed).toBe(true)
  expect(shown.get('ann/cam')).toBe(forwarded)
})

test('who is done first still sends by the old way until the other is done', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  room.receive('ann', settled('sfu'))
  expect(plane(0).closed).toBe(false)
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  expect(plane(0).closed).toBe(true)
})

test('what only says that tracks belong together is not waited for', async () => {
  const { room, camera } = withAnn()
  plane(0).events.media('ann', 'lips and voice', flowing(camera))
  room.setTopology('sfu')
  room.receive('ann', settled('sfu'))
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  expect(plane(0).closed).toBe(true)
})

test('a track is shown before its first packet where there is no other, and takes no place before it', async () => {
  const { room, camera } = withAnn()
  const screen = fakeTrack('video')
  plane(0).events.media('ann', 'screen', { track: screen, flows: false })
  expect(shown.get('ann/screen')).toBe(screen)
  room.setTopology('sfu')
  room.receive('ann', settled('sfu'))
  const forwarded = fakeTrack('video')
  plane(1).events.media('ann', 'cam', { track: forwarded, flows: false })
  await looked()
  expect([shown.get('ann/cam'), plane(0).closed, sent]).toEqual([camera, false, []])
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  expect(shown.get('ann/cam')).toBe(forwarded)
  await looked()
  expect(plane(0).closed).toBe(true)
})

test('packets without a picture are not enough', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  room.receive('ann', settled('sfu'))
  plane(1).decoding = false
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  expect(sent).toEqual([])
  plane(1).decoding = true
  clock.advance(100)
  await looked()
  expect(plane(0).closed).toBe(true)
})

test('a new way that fails leaves the old one to be seen and to be called connected', () => {
  const { room, camera } = withAnn()
  room.setTopology('sfu')
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  plane(1).events.media('ann', 'cam', undefined)
  plane(1).events.connection('ann', { status: 'failed', since: 1, reason: 'no path' })
  expect(shown.get('ann/cam')).toBe(camera)
  expect(statuses.get('ann')).toBe('connected')
})

test('who has everything closes the old way after 20 s, whoever is silent', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  clock.advance(19_999)
  expect(plane(0).closed).toBe(false)
  clock.advance(1)
  expect(plane(0).closed).toBe(true)
})

test('a new way that does not come about leaves the old one open', async () => {
  const { room, camera } = withAnn()
  room.setTopology('sfu')
  clock.advance(60_000)
  expect(plane(0).closed).toBe(false)
  expect(shown.get('ann/cam')).toBe(camera)
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  clock.advance(20_000)
  expect(plane(0).closed).toBe(true)
})

test('who comes after the change is reached by the new way alone', () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  room.setPeers([peer('ann'), peer('ben')])
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann'])
  expect(plane(1).peers.map(({ id }) => id)).toEqual(['ann', 'ben'])
})

test('who leaves meanwhile is not waited for', () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  room.setPeers([])
  expect(plane(0).closed).toBe(true)
})

test('a change that is taken back uses what is still open', async () => {
  const { room, camera } = withAnn()
  room.setTopology('sfu')
  room.setPeers([peer('ann'), peer('ben')])
  for (const id of ['ann', 'ben']) plane(1).events.connection(id, connected)
  room.setTopology('mesh')
  expect(opened).toHaveLength(2)
  expect(plane(0).closed).toBe(false)
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann', 'ben'])
  expect(shown.get('ann/cam')).toBe(camera)
  room.receive('ann', settled('sfu'))
  room.receive('ben', settled('mesh'))
  expect(plane(1).closed).toBe(false)
  room.receive('ann', settled('mesh', 1))
  await looked()
  expect(plane(1).closed).toBe(true)
})

test('who is not connected by the old way is not looked for there any more, and told so', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann'), peer('ben')])
  plane(0).events.connection('ann', connected)
  plane(0).events.connection('ben', { status: 'connecting', since: 0 })
  room.setTopology('sfu')
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann'])
  expect(sent).toEqual([{ to: 'ben', signal: { kind: 'settled', topology: 'sfu' } }])
})

test('an old way by which nobody is connected is closed at once', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann')])
  room.setTopology('sfu')
  expect(plane(0).closed).toBe(true)
})

test('what could not be said is said again', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  sending = () => Promise.reject(new Error('offline'))
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  sending = async () => {}
  room.setPeers([peer('ann')])
  await looked()
  expect(sent).toHaveLength(2)
})

test('those who came by HTTP are not looked for in a mesh', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann'), peer('cam', { throughServer: true })])
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann'])
  room.setTopology('sfu')
  expect(plane(1).peers.map(({ id }) => id)).toEqual(['ann', 'cam'])
})

test('what is ours goes to both ways while both are open, and to the new one alone afterwards', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  const servers = [{ urls: ['stun:a'] }]
  room.setIceServers(servers)
  expect([plane(0).servers, plane(1).servers]).toEqual([servers, servers])
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  clock.advance(20_000)
  room.setIceServers([])
  expect([plane(0).servers, plane(1).servers]).toEqual([servers, []])
  room.close()
  expect(plane(1).closed).toBe(true)
})

test('late words of a closed way change nothing', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  const forwarded = fakeTrack('video')
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  await looked()
  clock.advance(20_000)
  expect(plane(0).closed).toBe(true)
  plane(0).events.media('ann', 'cam', undefined)
  plane(0).events.connection('ann', { status: 'failed', since: 1, reason: 'closed' })
  expect(shown.get('ann/cam')).toBe(forwarded)
})

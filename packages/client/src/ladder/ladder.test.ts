import type { MediaState, Topology } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import type { IncomingTrack, MediaPeer, MediaPlaneEvents } from '../room/media-plane.ts'
import { FakeMedia, fakeTrack } from '../testing/fake-media.ts'
import type { ConnectionStatus } from '../types.ts'
import { Ladder } from './ladder.ts'

const self = { id: 'me', subscribe: true }

/** As the real one does, it tells at once how the path is that leads to everybody. */
class FakeSfu extends FakeMedia {
  override setPeers(peers: readonly MediaPeer[]): void {
    super.setPeers(peers)
    for (const { id } of peers) this.events.connection(id, { status: 'connected' })
  }
}

let clock: FakeClock
let opened: { readonly topology: Topology; readonly plane: FakeMedia }[]
let shown: Map<string, MediaStreamTrack | undefined>
let statuses: Map<string, ConnectionStatus['status']>
let reports: [Topology, MediaState][]
let reporting: () => Promise<unknown>

beforeEach(() => {
  clock = new FakeClock()
  opened = []
  shown = new Map()
  statuses = new Map()
  reports = []
  reporting = async () => {}
})

function ladder(topology: Topology): Ladder {
  const report = (topology: Topology, state: MediaState) => {
    reports.push([topology, state])
    return reporting()
  }
  const open = (topology: Topology) => (who: typeof self, events: MediaPlaneEvents) => {
    const options = { iceServers: () => [], self: who, topology, events: { ...events, report } }
    const plane = topology === 'sfu' ? new FakeSfu(options) : new FakeMedia(options)
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
      report,
      send: async () => {},
      negotiate: async () => {},
      media: (participant, stream, incoming) => shown.set(`${participant}/${stream}`, incoming?.track),
      connection: (participant, { status }) => statuses.set(participant, status),
      measured() {},
      unsent() {},
      undecodable() {},
    },
  })
}

const camera = { id: 'cam', source: 'camera', muted: false } as const
const peer = (id: string, more: Partial<MediaPeer> = {}): MediaPeer => ({
  id,
  subscribe: true,
  tracks: [camera],
  unwanted: new Set(),
  reachable: true,
  throughServer: false,
  unreadable: false,
  offersFirst: false,
  ...more,
})
const plane = (index: number): FakeMedia => {
  const found = opened[index]
  if (!found) throw new Error(`plane ${index} was never opened`)
  return found.plane
}
const flowing = (track: MediaStreamTrack): IncomingTrack => ({ track, flows: true })
const connected: ConnectionStatus = { status: 'connected' }
const connecting: ConnectionStatus = { status: 'connecting', since: 0 }
const failed: ConnectionStatus = { status: 'failed', since: 0, reason: 'no path' }

/** Lets everything that was asked of the browser be answered. */
const looked = () => new Promise(resolve => setImmediate(resolve))

/** A way by which Ann's camera is seen. */
function withAnn(topology: Topology = 'mesh') {
  const room = ladder(topology)
  const picture = fakeTrack('video')
  room.setPeers([peer('ann')])
  plane(0).events.connection('ann', connected)
  plane(0).events.media('ann', 'cam', flowing(picture))
  return { room, picture }
}

test('the old way stays open until the server says that everybody has everything by the new one', async () => {
  const { room, picture } = withAnn()
  room.setTopology('sfu')
  expect(opened.map(({ topology }) => topology)).toEqual(['mesh', 'sfu'])
  expect(shown.get('ann/cam')).toBe(picture)
  expect(reports).toEqual([])

  const forwarded = fakeTrack('video')
  plane(1).events.connection('ann', connected)
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  await looked()
  expect(shown.get('ann/cam')).toBe(forwarded)
  expect(reports).toEqual([['sfu', 'settled']])
  expect(plane(0).closed).toBe(false)

  room.settled()
  expect(plane(0).closed).toBe(true)
  expect(shown.get('ann/cam')).toBe(forwarded)
})

test('a mesh that is only being made has not brought everything', async () => {
  const { room } = withAnn('sfu')
  room.setTopology('mesh')
  plane(1).events.connection('ann', connecting)
  await looked()
  expect(reports).toEqual([])
})

test('of two ways that are open, the new one is shown once it has a picture', async () => {
  const { room, picture } = withAnn('sfu')
  room.setTopology('mesh')
  const direct = fakeTrack('video')
  plane(1).decoding = false
  plane(1).events.connection('ann', connected)
  plane(1).events.media('ann', 'cam', flowing(direct))
  await looked()
  expect(shown.get('ann/cam')).toBe(picture)
  plane(1).decoding = true
  clock.advance(100)
  await looked()
  expect(shown.get('ann/cam')).toBe(direct)
  room.setTopology('sfu')
  expect(shown.get('ann/cam')).toBe(direct)
  await looked()
  expect(shown.get('ann/cam')).toBe(picture)
})

test('a room whose media never took another way has nothing to report, nor to close', () => {
  const { room } = withAnn()
  room.settled()
  expect(plane(0).closed).toBe(false)
  expect(reports).toEqual([])
})

test('what only says that tracks belong together is not waited for', async () => {
  const { room, picture } = withAnn()
  plane(0).events.media('ann', 'lips and voice', flowing(picture))
  room.setTopology('sfu')
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  expect(reports).toEqual([['sfu', 'settled']])
})

test.each<Topology>(['mesh', 'sfu'])('from a %s: of a muted camera no picture is waited for', async topology => {
  const { room } = withAnn(topology)
  room.setPeers([peer('ann', { tracks: [{ ...camera, muted: true }] })])
  room.setTopology(topology === 'mesh' ? 'sfu' : 'mesh')
  plane(1).decoding = false
  plane(1).events.connection('ann', connecting)
  await looked()
  expect(reports).toEqual([])
  plane(1).events.connection('ann', connected)
  await looked()
  expect(reports).toHaveLength(1)
})

test('what the SFU is not to send is not waited for', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  plane(1).events.connection('ann', connected)
  await looked()
  expect(reports).toEqual([])
  room.setPeers([peer('ann', { unwanted: new Set(['cam']) })])
  await looked()
  expect(reports).toEqual([['sfu', 'settled']])
})

test('a track is shown before its first packet where there is no other, and takes no place before it', async () => {
  const { room, picture } = withAnn()
  const screen = fakeTrack('video')
  plane(0).events.media('ann', 'screen', { track: screen, flows: false })
  expect(shown.get('ann/screen')).toBe(screen)
  room.setTopology('sfu')
  plane(1).events.connection('ann', connected)
  const forwarded = fakeTrack('video')
  plane(1).events.media('ann', 'cam', { track: forwarded, flows: false })
  await looked()
  expect([shown.get('ann/cam'), reports]).toEqual([picture, []])
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  await looked()
  expect(shown.get('ann/cam')).toBe(forwarded)
  expect(reports).toEqual([['sfu', 'settled']])
})

test('packets without a picture are not enough', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  plane(1).decoding = false
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  clock.advance(100)
  await looked()
  expect(reports).toEqual([])
  plane(1).decoding = true
  clock.advance(100)
  await looked()
  expect(reports).toEqual([['sfu', 'settled']])
})

test('a new way that fails leaves the old one to be seen and to be called connected, and is reported', () => {
  const { room, picture } = withAnn('sfu')
  room.setTopology('mesh')
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  plane(1).events.media('ann', 'cam', undefined)
  plane(1).events.connection('ann', failed)
  expect(shown.get('ann/cam')).toBe(picture)
  expect(statuses.get('ann')).toBe('connected')
  expect(reports).toEqual([['mesh', 'failed']])
})

test('a mesh that never connects is reported, once, and again only when it has failed again', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann'), peer('ben')])
  plane(0).events.connection('ann', connecting)
  expect(reports).toEqual([])
  plane(0).events.connection('ann', failed)
  plane(0).events.connection('ann', { ...failed, reason: 'still none' })
  plane(0).events.connection('ben', failed)
  expect(reports).toEqual([['mesh', 'failed']])
  for (const id of ['ann', 'ben']) plane(0).events.connection(id, connected)
  plane(0).events.connection('ann', failed)
  expect(reports).toHaveLength(2)
})

test('of people whom the server does not know, nothing is reported', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann', { reachable: false })])
  plane(0).events.connection('ann', failed)
  expect(reports).toEqual([])
  room.setPeers([peer('ann')])
  expect(reports).toEqual([['mesh', 'failed']])
})

test('a room that goes back goes on by the way that is still open', async () => {
  const { room, picture } = withAnn('sfu')
  room.setTopology('mesh')
  plane(1).events.connection('ann', failed)
  room.setTopology('sfu')
  expect(opened).toHaveLength(2)
  expect(plane(1).peers).toEqual([])
  expect(shown.get('ann/cam')).toBe(picture)
  expect(statuses.get('ann')).toBe('connected')
  await looked()
  expect(reports).toEqual([
    ['mesh', 'failed'],
    ['sfu', 'settled'],
  ])
  room.settled()
  expect([plane(0).closed, plane(1).closed]).toEqual([false, true])
})

test('a new way that does not come about leaves the old one open', async () => {
  const { room, picture } = withAnn()
  room.setTopology('sfu')
  clock.advance(60_000)
  expect(plane(0).closed).toBe(false)
  expect(shown.get('ann/cam')).toBe(picture)
  expect(reports).toEqual([])
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
  expect(reports).toEqual([['sfu', 'settled']])
})

test('a change that is taken back uses what is still open', async () => {
  const { room, picture } = withAnn()
  room.setTopology('sfu')
  room.setPeers([peer('ann'), peer('ben')])
  for (const id of ['ann', 'ben']) plane(1).events.connection(id, connected)
  room.setTopology('mesh')
  expect(opened).toHaveLength(2)
  expect(plane(0).closed).toBe(false)
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann', 'ben'])
  expect(shown.get('ann/cam')).toBe(picture)
})

test('who is not connected by the old way is not looked for there any more', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann'), peer('ben')])
  plane(0).events.connection('ann', connected)
  plane(0).events.connection('ben', connecting)
  room.setTopology('sfu')
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann'])
})

test('a mesh is waited for also where nobody was connected before', async () => {
  const room = ladder('sfu')
  room.setPeers([peer('ann')])
  plane(0).events.connection('ann', connecting)
  room.setTopology('mesh')
  plane(1).events.connection('ann', connecting)
  await looked()
  expect(reports).toEqual([])
  plane(1).events.connection('ann', connected)
  await looked()
  expect(reports).toEqual([['mesh', 'settled']])
})

test('what could not be said is said again', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  reporting = () => Promise.reject(new Error('offline'))
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  reporting = async () => {}
  room.setPeers([peer('ann')])
  room.setPeers([peer('ann')])
  expect(reports).toHaveLength(2)
})

test('a server that cannot be reached, or knows nothing, is told once it is back', async () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  room.setReachable(false)
  plane(1).events.media('ann', 'cam', flowing(fakeTrack('video')))
  await looked()
  expect(reports).toEqual([])
  const backAgain = async () => {
    room.setReachable(true)
    room.setPeers([peer('ann')])
    await looked()
  }
  await backAgain()
  expect(reports).toHaveLength(1)
  room.lost()
  plane(1).decoding = false
  await backAgain()
  expect(reports).toHaveLength(1)
  plane(1).decoding = true
  clock.advance(100)
  await looked()
  expect(reports).toHaveLength(2)
})

test('those who came by HTTP are not looked for in a mesh', () => {
  const room = ladder('mesh')
  room.setPeers([peer('ann'), peer('cam', { throughServer: true })])
  expect(plane(0).peers.map(({ id }) => id)).toEqual(['ann'])
  room.setTopology('sfu')
  expect(plane(1).peers.map(({ id }) => id)).toEqual(['ann', 'cam'])
})

test('what is ours goes to both ways while both are open, and to the new one alone afterwards', () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  const servers = [{ urls: ['stun:a'] }]
  room.setIceServers(servers)
  expect([plane(0).servers, plane(1).servers]).toEqual([servers, servers])
  room.settled()
  room.setIceServers([])
  expect([plane(0).servers, plane(1).servers]).toEqual([servers, []])
  room.close()
  expect(plane(1).closed).toBe(true)
})

test('measured is the way through the server, while it is open', async () => {
  const { room } = withAnn('sfu')
  room.setTopology('mesh')
  const measured: Topology[] = []
  for (const { topology, plane } of opened) {
    plane.stats = async () => {
      measured.push(topology)
      return []
    }
  }
  await room.stats()
  room.settled()
  await room.stats()
  expect(measured).toEqual(['sfu', 'mesh'])
})

test('late words of a closed way change nothing', () => {
  const { room } = withAnn()
  room.setTopology('sfu')
  const forwarded = fakeTrack('video')
  plane(1).events.media('ann', 'cam', flowing(forwarded))
  room.settled()
  expect(plane(0).closed).toBe(true)
  plane(0).events.media('ann', 'cam', undefined)
  plane(0).events.connection('ann', failed)
  expect(shown.get('ann/cam')).toBe(forwarded)
  expect(reports).toEqual([])
})

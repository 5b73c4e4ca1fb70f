import type { Participant } from '@parley/protocol'
import { expect, test } from 'vitest'
import { fakeTrack } from '../testing/fake-media.ts'
import { message, participant, snapshot } from '../testing/people.ts'
import { type RoomAction, type RoomModel, reduceRoom, roomModel } from './room-state.ts'

const camera = { id: 'cam', source: 'camera', muted: false } as const
const microphone = { id: 'mic', source: 'microphone', muted: false } as const

function play(model: RoomModel, ...actions: RoomAction[]): RoomModel {
  return actions.reduce((before, action) => reduceRoom(before, action), model)
}

const two = () => roomModel(snapshot('a', [participant('b'), participant('c')]))
const of = ({ state }: RoomModel, id: string) => state.participants.find(one => one.id === id)
const ids = ({ state }: RoomModel) => state.participants.map(({ id }) => id)
const nobody = new Set<string>()

test('the first picture', () => {
  const model = roomModel(snapshot('a', [participant('b', { tracks: [camera] })], { chat: [message('m', 1)] }))
  expect(model.state).toMatchObject({
    status: { status: 'connected' },
    name: 'tea',
    capacity: 100,
    self: { id: 'a', local: true, tracks: [] },
    participants: [{ id: 'b', local: false, tracks: [{ ...camera, kind: 'video', mediaTrack: undefined }] }],
    messages: [{ id: 'm' }],
  })
})

test('people come at the end, go, and change; who is not touched stays the same object', () => {
  const before = two()
  const joined = play(before, { type: 'joined', participant: participant('d') })
  expect(ids(joined)).toEqual(['b', 'c', 'd'])
  expect(of(joined, 'b')).toBe(of(before, 'b'))
  expect(joined.state.self).toBe(before.state.self)
  expect(joined.state.messages).toBe(before.state.messages)
  const changed = play(joined, { type: 'changed', participant: participant('c', { name: 'Cy', hand: 9 }) })
  expect(of(changed, 'c')).toMatchObject({ name: 'Cy', hand: 9 })
  expect(of(changed, 'd')).toBe(of(joined, 'd'))
  const lowered = play(changed, { type: 'changed', participant: participant('c', { name: 'Cy' }) })
  expect(of(lowered, 'c')?.hand).toBeUndefined()
  expect(ids(play(lowered, { type: 'left', id: 'b' }))).toEqual(['c', 'd'])
})

const repeats: RoomAction[] = [
  { type: 'joined', participant: participant('b') },
  { type: 'changed', participant: participant('b') },
  { type: 'changed', participant: participant('nobody') },
  { type: 'left', id: 'nobody' },
  { type: 'connection', id: 'b', status: { status: 'connected' } },
  { type: 'measured', qualities: new Map(), troubles: [] },
  { type: 'media', id: 'b', stream: 'x', track: undefined },
  { type: 'local', tracks: [] },
  { type: 'undecodable', tracks: [] },
  { type: 'unsent', tracks: [] },
  { type: 'chat', messages: [] },
  { type: 'status', status: { status: 'connected' } },
  { type: 'snapshot', snapshot: snapshot('a', [participant('b'), participant('c')]), keep: nobody },
]
test.each(repeats)('what changes nothing gives the same picture: $type', action => {
  const model = two()
  expect(play(model, action).state).toBe(model.state)
})

test('what cannot be decoded says in which codec it comes, before and after it is announced, until it can be', () => {
  const announce: RoomAction = { type: 'changed', participant: participant('b', { tracks: [camera, microphone] }) }
  const tell = (codecs: string[]): RoomAction => ({
    type: 'undecodable',
    tracks: codecs.length > 0 ? [{ participant: 'b', track: 'cam', codecs }] : [],
  })
  const late = play(two(), tell(['H265 (1)']), announce)
  const early = play(two(), announce, tell(['H265 (1)']))
  for (const model of [late, early]) {
    expect(of(model, 'b')?.tracks.map(track => track.undecodable)).toEqual(['H265 (1)', undefined])
    expect(of(play(model, tell([])), 'b')?.tracks.some(track => 'undecodable' in track)).toBe(false)
  }
  expect(play(early, tell(['H265 (1)'])).state).toBe(early.state)
})

test('a track for which there is no room says so until there is', () => {
  const announce: RoomAction = { type: 'changed', participant: participant('b', { tracks: [camera, microphone] }) }
  const full = play(two(), announce, { type: 'unsent', tracks: [{ participant: 'b', track: 'cam' }] })
  expect(of(full, 'b')?.tracks.map(({ unsent }) => unsent)).toEqual([true, undefined])
  expect(of(play(full, { type: 'unsent', tracks: [] }), 'b')?.tracks.some(track => 'unsent' in track)).toBe(false)
})

test('a link that the server finds too thin for pictures is a trouble of ours, until it no longer is', () => {
  const measured: RoomAction = { type: 'measured', qualities: new Map(), troubles: [] }
  const told = (score: 1 | 3): RoomAction => ({
    type: 'network',
    id: 'a',
    quality: { score, reason: 'downlink-bandwidth' },
  })
  expect(play(two(), told(1), measured).state.troubles).toEqual(['thin-downlink'])
  expect(play(two(), told(1), measured, told(3), measured).state.troubles).toEqual([])
})

test('the worse of what was measured here and at the server counts, with the server’s reason', () => {
  const told: RoomAction = { type: 'network', id: 'b', quality: { score: 2, reason: 'uplink-loss' } }
  const measured = (quality: 1 | 4): RoomAction => ({
    type: 'measured',
    qualities: new Map([['b', quality]]),
    troubles: [],
  })
  expect(of(play(two(), told), 'b')).toMatchObject({ quality: 2, qualityReason: 'uplink-loss' })
  expect(of(play(two(), told, measured(4)), 'b')).toMatchObject({ quality: 2, qualityReason: 'uplink-loss' })
  expect(of(play(two(), told, measured(1)), 'b')).toMatchObject({
    quality: 1,
    qualityReason: undefined,
    serverQuality: { score: 2, reason: 'uplink-loss' },
  })
  const atOnce = play(two(), told, { type: 'topology', topology: 'mesh' })
  expect(of(atOnce, 'b')).toMatchObject({ serverQuality: undefined })
  const mesh = play(two(), told, { type: 'topology', topology: 'mesh' }, measured(4))
  expect(of(mesh, 'b')).toMatchObject({ quality: 4, qualityReason: undefined })
  const backInMesh: RoomAction = {
    type: 'snapshot',
    snapshot: snapshot('a', [participant('b'), participant('c')]),
    keep: nobody,
  }
  expect(of(play(two(), told, backInMesh, measured(4)), 'b')).toMatchObject({ quality: 4, qualityReason: undefined })
})

test('only announced tracks are shown, whichever comes first', () => {
  const track = fakeTrack('video')
  const media = play(two(), { type: 'media', id: 'b', stream: 'cam', track })
  expect(of(media, 'b')?.tracks).toEqual([])
  const announced = play(media, { type: 'changed', participant: participant('b', { tracks: [camera] }) })
  expect(of(announced, 'b')?.tracks).toEqual([{ ...camera, kind: 'video', mediaTrack: track }])

  const silent = play(two(), { type: 'changed', participant: participant('b', { tracks: [camera] }) })
  expect(of(silent, 'b')?.tracks[0]?.mediaTrack).toBeUndefined()
  const arrived = play(silent, { type: 'media', id: 'b', stream: 'cam', track })
  expect(of(arrived, 'b')?.tracks[0]?.mediaTrack).toBe(track)
  const gone = play(arrived, { type: 'media', id: 'b', stream: 'cam', track: undefined })
  expect(of(gone, 'b')?.tracks[0]?.mediaTrack).toBeUndefined()
})

test('a track of one person is not shown as another’s', () => {
  const model = play(
    two(),
    { type: 'changed', participant: participant('b', { tracks: [camera] }) },
    { type: 'media', id: 'c', stream: 'cam', track: fakeTrack('video') },
  )
  expect(of(model, 'b')?.tracks[0]?.mediaTrack).toBeUndefined()
})

test('a muted camera shows no frozen frame; a muted microphone keeps its track', () => {
  const [video, audio] = [fakeTrack('video'), fakeTrack('audio')]
  const tell = (muted: boolean): RoomAction => ({
    type: 'changed',
    participant: participant('b', { tracks: [camera, microphone].map(track => ({ ...track, muted })) }),
  })
  const model = play(
    two(),
    tell(false),
    { type: 'media', id: 'b', stream: 'cam', track: video },
    { type: 'media', id: 'b', stream: 'mic', track: audio },
  )
  const muted = play(model, tell(true))
  expect(of(muted, 'b')?.tracks.map(({ mediaTrack }) => mediaTrack)).toEqual([undefined, audio])
  expect(of(play(muted, tell(false)), 'b')?.tracks.map(({ mediaTrack }) => mediaTrack)).toEqual([video, audio])
})

test('the media of those who leave is forgotten', () => {
  const model = play(
    two(),
    { type: 'media', id: 'b', stream: 'cam', track: fakeTrack('video') },
    { type: 'left', id: 'b' },
    { type: 'joined', participant: participant('b', { tracks: [camera] }) },
  )
  expect(of(model, 'b')?.tracks[0]?.mediaTrack).toBeUndefined()
  expect(model.media.size).toBe(0)
})

test('our own tracks are what we have here, whatever the server thinks', () => {
  const own = { ...camera, kind: 'video', mediaTrack: fakeTrack('video') } as const
  const model = play(two(), { type: 'local', tracks: [own] })
  const renamed = play(model, { type: 'changed', participant: participant('a', { name: 'Ann (2)', tracks: [] }) })
  expect(renamed.state.self).toMatchObject({ name: 'Ann (2)', tracks: [own], local: true })
})

test('the connection’s status changes as a whole', () => {
  const failed = { status: 'failed', since: 1, reason: 'no path' } as const
  const model = play(two(), { type: 'connection', id: 'b', status: failed })
  expect(of(model, 'b')?.connection).toEqual(failed)
  const again = play(model, { type: 'connection', id: 'b', status: { ...failed } })
  expect(again.state).toBe(model.state)
  const connected = play(model, { type: 'connection', id: 'b', status: { status: 'connected' } })
  expect(of(connected, 'b')?.connection).toEqual({ status: 'connected' })
})

test('messages are kept once and in order; two people may use the same id', () => {
  const model = play(two(), { type: 'chat', messages: [message('1', 10), message('3', 30)] })
  const more = play(model, { type: 'chat', messages: [message('2', 20), message('3', 30), message('3', 31, 'c')] })
  expect(more.state.messages.map(({ id, from }) => id + from.id)).toEqual(['1b', '2b', '3b', '3c'])
})

test('a fresh picture brings who came, drops who went, keeps places and what is kept', () => {
  const before = roomModel(
    snapshot(
      'a',
      ['b', 'c', 'd'].map(id => participant(id)),
    ),
  )
  const fresh = snapshot(
    'a',
    ['e', 'd', 'b'].map(id => participant(id, { joinedAt: 50 })),
  )
  const model = play(before, { type: 'snapshot', snapshot: fresh, keep: new Set(['c']) })
  expect(ids(model)).toEqual(['b', 'c', 'd', 'e'])
  expect(of(model, 'c')).toBe(of(before, 'c'))
  expect(ids(play(before, { type: 'snapshot', snapshot: fresh, keep: nobody }))).toEqual(['b', 'd', 'e'])
})

test('who takes a seat again and has announced nothing yet keeps the pictures that still flow', () => {
  const track = fakeTrack('video')
  const back: Participant = participant('b', { joinedAt: 99 })
  const model = play(
    two(),
    { type: 'changed', participant: participant('b', { tracks: [camera, microphone] }) },
    { type: 'media', id: 'b', stream: 'cam', track },
  )
  for (const action of [
    { type: 'joined', participant: back },
    { type: 'snapshot', snapshot: snapshot('a', [back]), keep: nobody },
  ] as const) {
    const returned = play(model, action)
    expect(of(returned, 'b')?.tracks).toEqual([{ ...camera, kind: 'video', mediaTrack: track }])
    expect(of(play(returned, { type: 'changed', participant: back }), 'b')?.tracks).toEqual([])
  }
})

test('another self, after everything was lost', () => {
  const model = play(two(), { type: 'snapshot', snapshot: snapshot('a2', [participant('b')]), keep: nobody })
  expect(model.state.self).toMatchObject({ id: 'a2', local: true })
})

test('the way media goes: as it was found, as it changes, as a fresh picture has it', () => {
  const before = two()
  expect(before.state.topology).toEqual({ wish: 'auto', now: 'mesh' })
  const lifted = play(before, { type: 'topology', topology: 'sfu' })
  expect(lifted.state.topology).toEqual({ wish: 'auto', now: 'sfu' })
  expect(lifted.state.participants).toBe(before.state.participants)
  expect(play(lifted, { type: 'topology', topology: 'sfu' })).toBe(lifted)
  const fresh = snapshot('a', [], { topology: { wish: 'mesh', now: 'mesh' } })
  expect(play(lifted, { type: 'snapshot', snapshot: fresh, keep: nobody }).state.topology).toEqual(fresh.topology)
})

test('a measurement says how everybody’s path does, and what ails us', () => {
  const quality = (id: string, state: RoomModel) => state.state.participants.find(one => one.id === id)?.quality
  const qualities = new Map([
    ['a', 3],
    ['b', 2],
  ] as const)
  const measured = play(two(), { type: 'measured', qualities, troubles: ['thin-uplink'] })
  expect([measured.state.self.quality, quality('b', measured), quality('c', measured)]).toEqual([3, 2, undefined])
  expect(measured.state.troubles).toEqual(['thin-uplink'])
  expect(play(measured, { type: 'measured', qualities, troubles: ['thin-uplink'] })).toBe(measured)
  const gone = play(measured, { type: 'measured', qualities: new Map(), troubles: [] })
  expect([gone.state.self.quality, quality('b', gone), gone.state.troubles]).toEqual([undefined, undefined, []])
})

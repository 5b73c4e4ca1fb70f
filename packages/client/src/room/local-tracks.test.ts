import type { Track, TrackSource } from '@parley/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ParleyError } from '../error.ts'
import { settle } from '../testing/fake-link.ts'
import { FakeMediaStream, fakeTrack } from '../testing/fake-media.ts'
import { LocalTracks } from './local-tracks.ts'

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeMediaStream)
  vi.stubGlobal('reportError', (error: unknown) => {
    throw error
  })
})
afterEach(() => vi.unstubAllGlobals())

function setUp(refuse?: ParleyError) {
  const announced: (readonly Track[])[] = []
  const changed = vi.fn()
  const ended: TrackSource[] = []
  const tracks = new LocalTracks({
    changed,
    ended: source => ended.push(source),
    async announce(list) {
      announced.push(list)
      if (refuse) throw refuse
    },
  })
  return { tracks, announced, changed, ended }
}

test('what is published in one turn is announced in one message', async () => {
  const { tracks, announced } = setUp()
  const [camera, microphone] = await Promise.all([
    tracks.publish('camera', fakeTrack('video'), {}),
    tracks.publish('microphone', fakeTrack('audio'), {}),
  ])
  expect(announced).toEqual([
    [
      { id: camera.id, source: 'camera', muted: false },
      { id: microphone.id, source: 'microphone', muted: false },
    ],
  ])
  expect([...tracks.bySource.keys()]).toEqual(['camera', 'microphone'])
})

test('camera and microphone share a stream, so that lips and voice keep in step; a screen has another', async () => {
  const { tracks } = setUp()
  await tracks.publish('camera', fakeTrack('video'), {})
  await tracks.publish('microphone', fakeTrack('audio'), {})
  await tracks.publish('screen', fakeTrack('video'), {})
  const [camera, microphone, screen] = tracks.outgoingTracks()
  expect(camera?.streams[0]).toBe(microphone?.streams[0])
  expect(screen?.streams[0]).not.toBe(camera?.streams[0])
  for (const outgoingTrack of tracks.outgoingTracks()) expect(outgoingTrack.streams[1]?.id).toBe(outgoingTrack.id)
})

test('a muted camera sends nothing, a muted microphone silence; both are announced', async () => {
  const { tracks, announced } = setUp()
  const [video, audio] = [fakeTrack('video'), fakeTrack('audio')]
  const camera = await tracks.publish('camera', video, {})
  const microphone = await tracks.publish('microphone', audio, {})
  await Promise.all([camera.mute(), microphone.mute()])
  expect(tracks.outgoingTracks().map(({ track }) => track)).toEqual([undefined, audio])
  expect([video.enabled, audio.enabled]).toEqual([false, false])
  expect(tracks.states().map(({ mediaTrack }) => mediaTrack)).toEqual([undefined, audio])
  expect(announced.at(-1)?.map(({ muted }) => muted)).toEqual([true, true])
  const another = fakeTrack('video')
  await camera.unmute(another)
  await microphone.unmute()
  expect(tracks.outgoingTracks().map(({ track }) => track)).toEqual([another, audio])
  expect([another.enabled, audio.enabled]).toEqual([true, true])
  expect([camera.muted, microphone.muted, camera.mediaTrack]).toEqual([false, false, another])
})

test('muting what is muted, or unmuting what is not, says nothing', async () => {
  const { tracks, announced } = setUp()
  const camera = await tracks.publish('camera', fakeTrack('video'), {})
  await camera.unmute()
  await camera.mute()
  await camera.mute()
  expect(announced).toHaveLength(2)
})

test('another device stays muted if the old one was', async () => {
  const { tracks } = setUp()
  const microphone = await tracks.publish('microphone', fakeTrack('audio'), {})
  await microphone.mute()
  const other = fakeTrack('audio')
  await microphone.replace(other)
  expect([microphone.muted, other.enabled]).toEqual([true, false])
  await expect(microphone.replace(fakeTrack('video'))).rejects.toMatchObject({ code: 'bad-request' })
  expect(microphone.mediaTrack).toBe(other)
})

test('a track that is disabled when published starts muted', async () => {
  const { tracks, announced } = setUp()
  const camera = await tracks.publish('camera', fakeTrack('video', { enabled: false }), {})
  expect(camera.muted).toBe(true)
  expect(tracks.outgoingTracks()[0]?.track).toBeUndefined()
  expect(announced[0]?.[0]?.muted).toBe(true)
})

test('publishing again replaces, under the same id and handle', async () => {
  const { tracks } = setUp()
  const first = await tracks.publish('camera', fakeTrack('video'), {})
  await first.mute()
  const second = fakeTrack('video')
  await expect(tracks.publish('camera', second, { maxBitrateBps: 9 })).resolves.toBe(first)
  expect(first.muted).toBe(true)
  expect(second.enabled).toBe(false)
  await first.unmute()
  expect(tracks.outgoingTracks()).toMatchObject([{ id: first.id, track: second, options: { maxBitrateBps: 9 } }])
})

test('a track that has ended is refused, wherever it comes in', async () => {
  const { tracks, announced } = setUp()
  const ended = Object.assign(fakeTrack('video'), { readyState: 'ended' })
  const refused = { code: 'bad-request', message: expect.stringMatching(/ended/) }
  await expect(tracks.publish('screen', ended, {})).rejects.toMatchObject(refused)
  expect(announced).toEqual([])
  const camera = await tracks.publish('camera', fakeTrack('video'), {})
  await expect(camera.replace(ended)).rejects.toMatchObject(refused)
  await expect(camera.unmute(ended)).rejects.toMatchObject(refused)
  await expect(tracks.publish('camera', ended, {})).rejects.toMatchObject(refused)
  expect(camera.mediaTrack).not.toBe(ended)
})

test('unpublishing is announced once; what the handle does later is nothing', async () => {
  const { tracks, announced } = setUp()
  const camera = await tracks.publish('camera', fakeTrack('video'), {})
  await camera.unpublish()
  await camera.unpublish()
  await camera.mute()
  expect(announced).toHaveLength(2)
  expect(announced.at(-1)).toEqual([])
  const again = await tracks.publish('camera', fakeTrack('video'), {})
  expect(again).not.toBe(camera)
  expect(again.id).toBe(camera.id)
})

test('what the server refuses is not published', async () => {
  const { tracks } = setUp(new ParleyError('not-allowed'))
  await expect(tracks.publish('camera', fakeTrack('video'), {})).rejects.toMatchObject({ code: 'not-allowed' })
  expect(tracks.outgoingTracks()).toEqual([])
})

test('a track of the wrong kind, or one that is published already, is refused', async () => {
  const { tracks } = setUp()
  const video = fakeTrack('video')
  await expect(tracks.publish('microphone', video, {})).rejects.toMatchObject({ code: 'bad-request' })
  await tracks.publish('camera', video, {})
  await expect(tracks.publish('screen', video, {})).rejects.toThrow(/published as camera/)
  await expect(tracks.publish('camera', video, {})).resolves.toBeDefined()
})

test('a screen that the browser stops sharing is unpublished by itself', async () => {
  const { tracks, announced, ended } = setUp()
  const screen = fakeTrack('video')
  await tracks.publish('screen', screen, {})
  screen.dispatchEvent(new Event('ended'))
  await settle()
  expect([announced.at(-1), tracks.bySource.size, ended]).toEqual([[], 0, ['screen']])
})

test('a camera or microphone that ends by itself is muted, and another one takes its place', async () => {
  const { tracks, announced, ended } = setUp()
  const [unplugged, forbidden] = [fakeTrack('video'), fakeTrack('audio')]
  const camera = await tracks.publish('camera', unplugged, {})
  const microphone = await tracks.publish('microphone', forbidden, {})
  await microphone.mute()
  for (const track of [unplugged, forbidden]) track.dispatchEvent(new Event('ended'))
  await settle()
  expect(ended).toEqual(['camera', 'microphone'])
  expect([camera.muted, tracks.outgoingTracks()[0]?.track]).toEqual([true, undefined])
  expect(announced.at(-1)?.map(({ source, muted }) => [source, muted])).toEqual([
    ['camera', true],
    ['microphone', true],
  ])
  await camera.unmute(fakeTrack('video'))
  unplugged.dispatchEvent(new Event('ended'))
  await settle()
  expect([camera.muted, ended.length, announced.at(-1)?.[0]?.muted]).toEqual([false, 2, false])
})

test('a screen is hinted as detail unless somebody said otherwise', async () => {
  const { tracks } = setUp()
  const [plain, hinted] = [fakeTrack('video'), Object.assign(fakeTrack('video'), { contentHint: 'motion' })]
  const screen = await tracks.publish('screen', plain, {})
  expect(plain.contentHint).toBe('detail')
  await screen.replace(hinted)
  expect(hinted.contentHint).toBe('motion')
})

test('muted by a host: silent at once, and nothing to announce', async () => {
  const { tracks, announced, changed } = setUp()
  const microphone = await tracks.publish('microphone', fakeTrack('audio'), {})
  changed.mockClear()
  tracks.mutedByHost('microphone')
  tracks.mutedByHost('microphone')
  tracks.mutedByHost('camera')
  expect(microphone.muted).toBe(true)
  expect(changed).toHaveBeenCalledOnce()
  await Promise.resolve()
  expect(announced).toHaveLength(1)
})

test('after closing nothing is announced or published', async () => {
  const { tracks, announced } = setUp()
  const screen = fakeTrack('video')
  await tracks.publish('screen', screen, {})
  tracks.close()
  screen.dispatchEvent(new Event('ended'))
  await expect(tracks.publish('camera', fakeTrack('video'), {})).rejects.toMatchObject({ code: 'closed' })
  expect(announced).toHaveLength(1)
})

import { describe, expect, test } from 'vitest'
import type { Codec } from '../sdp/model.ts'
import { isRtp } from '../sdp/model.ts'
import { parseDescription } from '../sdp/parse.ts'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { Whip } from '../whip/whip.ts'
import { agree, type Decoder } from './agreement.ts'
import { codecs } from './testing/client.ts'
import { World } from './testing/world.ts'

const { vp8, vp9, vp9High, h264, av1 } = codecs
const profile = (id: string, payloadType: number): Codec => ({
  ...h264,
  payloadType,
  parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${id}`,
})
const high = profile('640c1f', 104)
const hevc: Codec = { ...vp8, name: 'h265', payloadType: 106, rtxPayloadType: 107 }

const names = (list: readonly Codec[]) => list.map(({ payloadType }) => payloadType)
const decoder = (...decoded: readonly Codec[]): Decoder => ({ decodes: codec => decoded.includes(codec) })

/** What a player lists, one codec of video alone. */
function player(...list: readonly string[]): string {
  const sdp = readDescription('chromium-play.offer')
  const [session = '', audio = '', video = ''] = sdp.split(/(?=^m=)/m)
  const kept = video
    .split('\r\n')
    .filter(line => !/^a=(?:rtpmap|fmtp|rtcp-fb)/.test(line))
    .join('\r\n')
    .replace(/^m=video \d+ (\S+) .*$/m, `m=video 9 $1 ${list.map((_, index) => 96 + index).join(' ')}`)
  const lines = list.map((codec, index) => {
    const [name = '', parameters] = codec.split(' ')
    const format = parameters === undefined ? '' : `a=fmtp:${96 + index} ${parameters}\r\n`
    return `a=rtpmap:${96 + index} ${name}/90000\r\n${format}`
  })
  return `${session}${audio}${kept.trimEnd()}\r\n${lines.join('')}`
}

const h264Only = 'H264 packetization-mode=1;profile-level-id=42e01f'

function answered(world: World, name: string): number[] {
  const said = world.people
    .get(name)
    ?.heard.findLast(({ side, signal }) => side === 'publish' && signal.kind === 'description')
  const sdp = said?.signal.kind === 'description' ? said.signal.description.sdp : ''
  const video = parseDescription(sdp)
    .sections.filter(isRtp)
    .find(({ kind }) => kind === 'video')
  return names(video?.codecs ?? [])
}

describe('which codecs are agreed on', () => {
  test('of nobody known: what everybody can decode, in the order of the publisher', () => {
    expect(agree([high, h264, hevc, vp8, av1], 'video', [])).toEqual([h264, vp8])
    expect(agree([av1, vp9High, vp9], 'video', [])).toEqual([vp9])
    expect(agree([profile('42001f', 98), h264], 'video', [])).toEqual([h264])
    expect(agree([hevc], 'video', [])).toEqual([hevc])
    expect(agree([], 'video', [])).toEqual([])
  })

  test('what most receivers decode comes before what is likely', () => {
    expect(agree([vp8, h264], 'video', [decoder(h264), decoder(vp8, h264)])).toEqual([h264])
    expect(agree([hevc, vp8], 'video', [decoder(hevc), decoder(hevc)])).toEqual([hevc])
    expect(agree([av1, vp8], 'video', [decoder(av1, vp8)])).toEqual([vp8])
  })
})

describe('a publisher and the people in the room', () => {
  test('Safari sends what Chromium and Firefox decode', () => {
    const world = new World()
    const [ann, bob] = [world.join('ann'), world.join('bob')]
    bob.publish({ kind: 'video', codecs: [vp8, h264] })
    ann.publish({ kind: 'video', codecs: [high, h264, vp8] })
    expect(answered(world, 'ann')).toEqual([h264.payloadType, vp8.payloadType])
    world.settle()
    expect(world.of('subscribe').every(({ media }) => media.payloadTypes.length > 0)).toBe(true)
  })

  test('who comes and lacks the codec is sent another: the publisher is asked to offer again, once', () => {
    const world = new World()
    const [ann, bob] = [world.join('ann'), world.join('bob')]
    ann.publish({ kind: 'video', codecs: [h264, vp8] })
    bob.answer()
    const asked = () => ann.heard.filter(({ signal }) => signal.kind === 'reoffer').length
    expect(asked()).toBe(0)
    world.join('carol').publish({ kind: 'video', codecs: [vp8] })
    expect(asked()).toBe(1)
    ann.offer()
    expect(answered(world, 'ann')).toEqual([vp8.payloadType])
    world.join('dave').publish({ kind: 'video', codecs: [vp8] })
    world.settle()
    expect(asked()).toBe(1)
  })

  test('who can take none of it is told, and nobody is asked for what would not help', () => {
    const world = new World()
    const [ann, bob] = [world.join('ann'), world.join('bob')]
    ann.publish({ kind: 'video', codecs: [h264, vp8] })
    bob.answer(section => section.kind === 'audio')
    expect(ann.heard.some(({ signal }) => signal.kind === 'reoffer')).toBe(false)
    expect(bob.heard.at(-1)?.signal).toMatchObject({ kind: 'unserved', tracks: [{ participant: 'ann' }] })
  })

  test('a player that decodes H.264 alone: asked when it has connected, and played as soon as the publisher offers again', () => {
    const world = new World()
    const whip = new Whip(world.rooms)
    const ann = world.join('ann')
    ann.publish({ kind: 'video', codecs: [vp8, h264] })
    expect(answered(world, 'ann')).toEqual([vp8.payloadType, h264.payloadType])
    whip.play('room', 'tv', player(h264Only))
    const asked = () => ann.heard.filter(({ signal }) => signal.kind === 'reoffer').length
    expect(asked()).toBe(0)
    ann.publishing.change('m0', { codecs: [vp8, av1] })
    ann.offer()
    expect(world.of('subscribe').some(({ media }) => media.payloadTypes.length > 0)).toBe(true)
    ann.publishing.change('m0', { codecs: [vp8, h264] })
    ann.offer()
    const transport = world.of('open').at(-1)?.transport ?? 0
    world.rooms.handle(0, { is: 'transport', transport, state: 'connected', why: undefined })
    expect(asked()).toBe(1)
    ann.offer()
    expect(answered(world, 'ann')).toEqual([h264.payloadType])
    expect(asked()).toBe(1)
  })

  test.each([
    [
      'Baseline to a player of Constrained Baseline',
      'a=fmtp:106 packetization-mode=1;profile-level-id=42001f',
      h264Only,
      true,
    ],
    [
      'single packets to a player that knows no others',
      'a=fmtp:106 profile-level-id=42e01f',
      'H264 profile-level-id=42e01f',
      true,
    ],
    [
      'fragments to a player that knows none',
      'a=fmtp:106 packetization-mode=1;profile-level-id=42e01f',
      'H264 profile-level-id=42e01f',
      false,
    ],
    ['High to a player of Baseline', 'a=fmtp:106 packetization-mode=1;profile-level-id=64001f', h264Only, false],
  ])('%s', (_, fmtp, listed, flows) => {
    const world = new World()
    const whip = new Whip(world.rooms)
    const offer = readDescription('ffmpeg-8.offer').replace(/a=fmtp:106 .*/, fmtp)
    const { tracks } = whip.publish('room', 'encoder', offer)
    world.rooms.setTracks('room', 'encoder', tracks)
    const play = () => whip.play('room', 'tv', player(listed))
    if (!flows) {
      expect(play).toThrow(expect.objectContaining({ code: 'no-codec', message: expect.stringContaining('H264') }))
      expect(world.rooms.has('room', 'tv')).toBe(false)
      return
    }
    play()
    expect(world.of('subscribe').filter(({ media }) => media.payloadTypes.length > 0)).toHaveLength(2)
  })

  test('HEVC goes to whoever has it, and who has not is told, until it is well again', () => {
    const world = new World()
    const [ann, bob, carol] = [world.join('ann'), world.join('bob'), world.join('carol')]
    const mid = ann.publish({ kind: 'video', codecs: [hevc] })
    bob.answer()
    carol.answer(() => false)
    expect(world.of('subscribe')).toHaveLength(1)
    const track = { participant: 'ann', track: 'ann-video-0', codecs: [expect.stringContaining('H265')] }
    expect(carol.heard.at(-1)?.signal).toEqual({ kind: 'unserved', tracks: [track] })
    expect(bob.heard.some(({ signal }) => signal.kind === 'unserved')).toBe(false)
    expect(world.unserved).toEqual([{ room: 'room', participant: 'carol', tracks: [track] }])
    expect(world.rooms.counters().unserved).toBe(1)
    ann.publishing.change(mid, { codecs: [hevc, vp8] })
    ann.offer()
    world.settle()
    expect(carol.heard.findLast(({ signal }) => signal.kind === 'unserved')?.signal).toEqual({
      kind: 'unserved',
      tracks: [],
    })
    expect(world.rooms.counters().unserved).toBe(0)
  })
})

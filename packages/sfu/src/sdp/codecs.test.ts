import { describe, expect, test } from 'vitest'
import { acceptCodecs, askedCodec, codecKey, decodes, offeredCodecs } from './codecs.ts'
import type { Codec } from './model.ts'

const vp8: Codec = {
  payloadType: 96,
  name: 'vp8',
  clockRate: 90_000,
  channels: 1,
  parameters: '',
  feedback: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
  rtxPayloadType: 97,
}
const h264 = { ...vp8, name: 'h264' }
const opus: Codec = {
  ...vp8,
  payloadType: 111,
  name: 'opus',
  clockRate: 48_000,
  channels: 2,
  rtxPayloadType: undefined,
}

describe('what is the same codec', () => {
  test('H.264 by its profile, whatever its level', () => {
    const key = (id: string) =>
      codecKey({ ...h264, parameters: `packetization-mode=1; profile-level-id=${id}` }, 'video')
    expect(key('42e01f')).toBe(key('42E034'))
    expect(key('42e01f')).toBe(key('58c01f'))
    expect(key('42e01f')).not.toBe(key('42001f'))
  })

  test('H.264 in single packets or not interleaved', () => {
    expect(codecKey({ ...h264, parameters: 'profile-level-id=42e01f' }, 'video')).toBe('h264/constrained-baseline/0')
    expect(codecKey({ ...h264, parameters: 'packetization-mode=1' }, 'video')).toBe('h264/baseline/1')
    expect(codecKey({ ...h264, parameters: 'packetization-mode=2' }, 'video')).toBeUndefined()
  })

  test('VP9 by its profile, where none is 0', () => {
    const vp9 = { ...vp8, name: 'vp9' }
    expect(codecKey(vp9, 'video')).toBe(codecKey({ ...vp9, parameters: 'profile-id=0' }, 'video'))
    expect(codecKey({ ...vp9, parameters: 'profile-id=2' }, 'video')).toBe('vp9/2')
    expect(codecKey({ ...vp9, parameters: 'profile-id=4' }, 'video')).toBeUndefined()
  })

  test('only at its own rate, with its channels and in its medium', () => {
    expect(codecKey(opus, 'audio')).toBe('opus/')
    expect(codecKey(opus, 'video')).toBeUndefined()
    expect(codecKey({ ...opus, channels: 1 }, 'audio')).toBe('opus/')
    expect(codecKey({ ...opus, channels: 6 }, 'audio')).toBeUndefined()
    expect(codecKey({ ...vp8, clockRate: 8000 }, 'video')).toBeUndefined()
    for (const name of ['constructor', '__proto__', 'rtx', 'red', 'ulpfec', 'h263']) {
      expect(codecKey({ ...vp8, name }, 'video')).toBeUndefined()
    }
  })
})

const id = (profileLevelId: string, mode = 1) => ({
  ...h264,
  parameters: `packetization-mode=${mode};profile-level-id=${profileLevelId}`,
})

test.each([
  ['a decoder of Constrained Baseline takes what is called Baseline', '42e01f', '42001f', true],
  ['any takes Constrained Baseline', '640c1f', '42e01f', true],
  ['High takes Main', '64001f', '4d001f', true],
  ['High takes Constrained High', '64001f', '640c1f', true],
  ['Constrained Baseline takes no High', '42e01f', '64001f', false],
  ['Constrained High takes no Main', '640c1f', '4d001f', false],
  ['a profile without a name takes its own', '2c001f', '2c0028', true],
])('H.264: %s', (_, decoder, sent, expected) => {
  expect(decodes(id(decoder), id(sent), 'video')).toBe(expected)
})

test('who takes fragments takes single packets, and not the other way round', () => {
  expect(decodes(id('42e01f', 1), id('42e01f', 0), 'video')).toBe(true)
  expect(decodes(id('42e01f', 0), id('42e01f', 1), 'video')).toBe(false)
})

test.each([
  ['42001f', ['42e01f']],
  ['422001f', ['42e01f']],
  ['42c028', ['42e028']],
  ['4d4c1f', ['4d001f', '64001f']],
  ['640c2a', ['640c2a', '64002a']],
  ['6408', ['64001f']],
])('H.264 %s is offered as %j, which is what browsers list', (sent, ids) => {
  const offered = offeredCodecs(id(sent, 0)).map(({ parameters }) => parameters)
  expect(offered).toEqual(ids.map(one => `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${one}`))
})

test.each([
  ['Main 10 takes Main', '2/0', '1/0', true],
  ['Main takes no Main 10', '1/0', '2/0', false],
  ['the high tier takes the main one', '1/1', '1/0', true],
  ['the main tier takes no high one', '1/0', '1/1', false],
  ['Main 10 of the high tier takes Main of the main one', '2/1', '1/0', true],
])('H.265: %s', (_, decoder, sent, expected) => {
  const h265 = (profile: string) => {
    const [id, tier] = profile.split('/')
    return { ...h264, name: 'h265', parameters: `profile-id=${id};tier-flag=${tier}` }
  }
  expect(decodes(h265(decoder), h265(sent), 'video')).toBe(expected)
})

test('codecs are taken in the order of the offer, one of each, with what we know of them', () => {
  const red = { payloadType: 63, preferred: true }
  const accepted = acceptCodecs(
    [
      { ...opus, name: 'pcmu', clockRate: 8000, channels: 1, payloadType: 0, red },
      { red, ...opus, parameters: 'minptime=10; useinbandfec=1;x-google=1;cbr=2\u00e9' },
      { ...opus, payloadType: 112 },
    ],
    'audio',
    'publish',
  )
  expect(accepted[0]).not.toHaveProperty('red')
  expect(accepted.slice(1)).toEqual([
    { ...opus, red, parameters: 'minptime=10;useinbandfec=1', feedback: ['nack', 'transport-cc'] },
  ])
  const video = acceptCodecs([{ ...vp8, name: 'vp9' }, vp8], 'video', 'subscribe')
  expect(video.map(({ name }) => name)).toEqual(['vp9', 'vp8'])
  expect(video[0]?.feedback).toEqual(['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'])
})

test.each([
  ['', 'useinbandfec=1'],
  ['minptime=10;useinbandfec=1', 'minptime=10;useinbandfec=1'],
  ['useinbandfec=0;stereo=1', 'stereo=1;useinbandfec=1'],
])('a publisher of Opus is asked for in-band FEC: %s', (offered, asked) => {
  expect(askedCodec({ ...opus, parameters: offered }).parameters).toBe(asked)
  expect(askedCodec({ ...vp8, parameters: '' })).toEqual({ ...vp8, parameters: '' })
})

import { describe, expect, test } from 'vitest'
import { acceptCodecs, codecKey } from './codecs.ts'
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

  test('H.264 only non-interleaved', () => {
    expect(codecKey({ ...h264, parameters: 'profile-level-id=42e01f' }, 'video')).toBeUndefined()
    expect(codecKey({ ...h264, parameters: 'packetization-mode=0' }, 'video')).toBeUndefined()
    expect(codecKey({ ...h264, parameters: 'packetization-mode=1' }, 'video')).toBe('h264/baseline')
  })

  test('VP9 by its profile, where none is 0', () => {
    const vp9 = { ...vp8, name: 'vp9' }
    expect(codecKey(vp9, 'video')).toBe(codecKey({ ...vp9, parameters: 'profile-id=0' }, 'video'))
    expect(codecKey({ ...vp9, parameters: 'profile-id=2' }, 'video')).toBe('vp9/2')
    expect(codecKey({ ...vp9, parameters: 'profile-id=1' }, 'video')).toBeUndefined()
  })

  test('only at its own rate, with its channels and in its medium', () => {
    expect(codecKey(opus, 'audio')).toBe('opus/')
    expect(codecKey(opus, 'video')).toBeUndefined()
    expect(codecKey({ ...opus, channels: 1 }, 'audio')).toBeUndefined()
    expect(codecKey({ ...vp8, clockRate: 8000 }, 'video')).toBeUndefined()
    for (const name of ['constructor', '__proto__', 'rtx', 'red', 'ulpfec', 'h265']) {
      expect(codecKey({ ...vp8, name }, 'video')).toBeUndefined()
    }
  })
})

test('codecs are taken in the order of the offer, one of each, with what we know of them', () => {
  const red = { ...opus, name: 'red', payloadType: 63, parameters: '111/111' }
  const accepted = acceptCodecs(
    [red, { ...opus, parameters: 'minptime=10; useinbandfec=1;x-google=1;cbr=2\u00e9' }, { ...opus, payloadType: 112 }],
    'audio',
    'publish',
  )
  expect(accepted).toEqual([{ ...opus, parameters: 'minptime=10;useinbandfec=1', feedback: ['nack', 'transport-cc'] }])
  const video = acceptCodecs([{ ...vp8, name: 'vp9' }, vp8], 'video', 'subscribe')
  expect(video.map(({ name }) => name)).toEqual(['vp9', 'vp8'])
  expect(video[0]?.feedback).toEqual(['nack', 'nack pli', 'ccm fir', 'goog-remb'])
})

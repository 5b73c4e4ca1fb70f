import { describe, expect, test } from 'vitest'
import { applyCodeFor, codeFor } from './code.ts'
import { compare, readCapability } from './compare.ts'
import { presetIds, presets } from './presets.ts'
import { fields, readWishes, toTrackConstraints, type Wishes, withWish, writeWishes } from './wishes.ts'

// As Chromium 156's fake camera tells them.
const settings = { aspectRatio: 1.3333333333333333, frameRate: 20, height: 480, resizeMode: 'none', width: 640 }
const capabilities = {
  aspectRatio: { max: 1920, min: 0.000925925925925926 },
  facingMode: [],
  frameRate: { max: 60, min: 0 },
  height: { max: 1080, min: 1 },
  resizeMode: ['none', 'crop-and-scale'],
  width: { max: 1920, min: 1 },
  zoom: { max: 400, min: 100, step: 1 },
}
const supported = { width: true, height: true, frameRate: true, facingMode: true, aspectRatio: true, resizeMode: true }

describe('wishes', () => {
  test('survive a link, each in its order', () => {
    const wishes: Wishes = {
      width: { min: 640, ideal: 1280 },
      echoCancellation: { exact: false },
      facingMode: { ideal: 'user' },
    }
    const written = writeWishes(wishes)
    expect(written).toEqual([
      'width.min=640',
      'width.ideal=1280',
      'facingMode.ideal=user',
      'echoCancellation.exact=false',
    ])
    expect(readWishes(written)).toEqual(wishes)
  })

  test('nonsense in a link is left out', () => {
    const nonsense = [
      '',
      'width',
      'width.min=',
      'width.min=Infinity',
      'width.some=1',
      'depth.min=1',
      'facingMode.exact=up',
    ]
    expect(readWishes([...nonsense, 'echoCancellation.exact=1', 'width.max=-4', 'height.max=480'])).toEqual({
      height: { max: 480 },
    })
  })

  test('the last part that is taken away takes the wish along', () => {
    const one = withWish({}, 'width', 'ideal', 640)
    expect(withWish(one, 'width', 'ideal', undefined)).toEqual({})
    expect(withWish(withWish(one, 'width', 'min', 320), 'width', 'ideal', undefined)).toEqual({ width: { min: 320 } })
  })

  test('only those of the kind are asked of it', () => {
    const wishes: Wishes = { width: { ideal: 640 }, echoCancellation: { ideal: true } }
    expect(toTrackConstraints('microphone', wishes, 'id')).toEqual({
      deviceId: { exact: 'id' },
      echoCancellation: { ideal: true },
    })
  })

  test('every preset asks for what its kind has', () => {
    for (const id of presetIds) {
      const { kind, wishes } = presets[id]
      for (const name of Object.keys(wishes)) expect(fields[name as keyof typeof fields].kind, id).toBe(kind)
    }
  })
})

describe('asked against got', () => {
  const fulfilment = (wishes: Wishes, name: string) =>
    compare({ kind: 'camera', wishes, settings, capabilities, supported }).find(row => row.name === name)?.fulfilment

  test.each<[Wishes, string, string]>([
    [{ width: { ideal: 640 } }, 'width', 'met'],
    [{ width: { ideal: 720 } }, 'width', 'close'],
    [{ width: { ideal: 1280 } }, 'width', 'not-met'],
    [{ width: { min: 320, max: 800 } }, 'width', 'met'],
    [{ width: { min: 1280, ideal: 640 } }, 'width', 'not-met'],
    [{ width: { exact: 720 } }, 'width', 'not-met'],
    [{ frameRate: { max: 20 } }, 'frameRate', 'met'],
    [{ resizeMode: { exact: 'none' } }, 'resizeMode', 'met'],
    [{ facingMode: { ideal: 'user' } }, 'facingMode', 'not-told'],
    [{ zoom: { ideal: 2 } }, 'zoom', 'not-supported'],
    [{}, 'height', 'not-asked'],
  ])('%j: %s is %s', (wishes, name, expected) => expect(fulfilment(wishes, name)).toBe(expected))

  test('ranges and lists, and nothing of what is no use', () => {
    expect(readCapability(capabilities.zoom)).toEqual({ min: 100, max: 400, step: 1 })
    expect(readCapability(capabilities.resizeMode)).toEqual({ values: ['none', 'crop-and-scale'] })
    for (const none of [[], undefined, null, {}, { min: Number.NaN, max: 1 }, 'x'])
      expect(readCapability(none)).toBeUndefined()
  })
})

describe('the code', () => {
  test('of getUserMedia', () => {
    expect(codeFor('camera', { width: { min: 640, ideal: 1280 }, facingMode: { ideal: 'user' } })).toBe(
      `const stream = await navigator.mediaDevices.getUserMedia({
  video: {
    width: { min: 640, ideal: 1280 },
    facingMode: { ideal: 'user' },
  },
})
`,
    )
    expect(codeFor('microphone', {})).toContain('audio: true')
  })

  test('of applyConstraints, with quotes that cannot end the text', () => {
    expect(applyCodeFor({ deviceId: { exact: "a'b\\" } })).toBe(
      "await track.applyConstraints({\n  deviceId: { exact: 'a\\'b\\\\' },\n})\n",
    )
  })
})

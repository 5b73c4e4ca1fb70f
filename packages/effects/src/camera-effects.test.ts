import { describe, expect, it } from 'vitest'
import { CameraEffects, type CameraPorts, type Canvas } from './camera-effects.ts'
import { type EffectsChoice, plainChoice } from './choice.ts'
import type { Paint } from './frames/frame-loop.ts'
import { NoWebGl } from './gl/compositor.ts'
import type { EffectsState } from './types.ts'

const warm: EffectsChoice = { ...plainChoice, filter: 'warm' }
const cool: EffectsChoice = { ...plainChoice, filter: 'cool' }
const blur: EffectsChoice = { ...plainChoice, background: { kind: 'blur', strength: 'light' } }
const glasses: EffectsChoice = { ...plainChoice, sticker: 'glasses' }
const size = { width: 640, height: 360 }
const settled = () => new Promise(resolve => setImmediate(resolve))

/** A promise that the test settles. */
function gate<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}

function setUp(
  choice: EffectsChoice,
  { hold = false, ports = {} }: { hold?: boolean; ports?: Partial<CameraPorts> } = {},
) {
  let now = 0
  let paint: Paint | undefined
  let lost = () => {}
  let masks = 0
  const drawn: EffectsChoice[] = []
  const closed: string[] = []
  const picture = {} as OffscreenCanvas
  const canvas = (): Canvas => {
    let mask = false
    return {
      get hasMask() {
        return mask
      },
      takeMask: () => {
        masks++
        mask = true
      },
      dropMask: () => {
        mask = false
      },
      hasImage: () => false,
      setImage: () => {},
      hasSticker: () => false,
      setSticker: () => {},
      draw: scene => {
        drawn.push(scene.choice)
        return picture
      },
      close: () => closed.push('canvas'),
    }
  }
  const track = {} as MediaStreamTrack
  const effects = new CameraEffects(
    {} as MediaStreamTrack,
    choice,
    {
      openFrames: (_, painting) => {
        paint = painting
        return { track, close: () => closed.push('frames') }
      },
      openCanvas: onLost => {
        lost = onLost
        return canvas()
      },
      loadSegmenter: async () => ({
        outline: async () => ({ close: () => closed.push('mask') }) as unknown as ImageBitmap,
      }),
      loadFaces: async () => ({ find: async () => undefined, close: () => closed.push('faces') }),
      loadImage: async () => picture,
      drawSticker: () => picture,
      now: () => now,
      tooLate: () => new Promise(() => {}),
      ...ports,
    },
    { hold },
  )
  const states: EffectsState[] = []
  effects.onState(state => states.push(state))
  return {
    effects,
    track,
    states,
    drawn,
    closed,
    lose: () => lost(),
    masks: () => masks,
    /** The camera gives a frame; what comes out of it. */
    frame: async () => {
      now += 33
      const painted = await paint?.({} as VideoFrame, size)
      return painted === picture ? 'painted' : painted
    },
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('effects on a camera', () => {
  it('let the plain picture through until what they need is loaded, on the same track', async () => {
    const segmenter = gate<Awaited<ReturnType<CameraPorts['loadSegmenter']>>>()
    const { effects, frame, track } = setUp(blur, { ports: { loadSegmenter: () => segmenter.promise } })
    expect(effects.state).toEqual({ status: 'loading' })
    expect(await frame()).toBe('plain')
    segmenter.resolve({ outline: async () => undefined })
    await settled()
    expect(effects.state).toEqual({ status: 'on' })
    expect(await frame()).toBe('painted')
    expect(effects.track).toBe(track)
  })

  it('give nothing until then, if they are asked to hold', async () => {
    const { frame } = setUp(blur, { hold: true })
    expect(await frame()).toBe('nothing')
    await settled()
    expect(await frame()).toBe('painted')
  })

  it('give the plain picture if they were to hold and cannot be had', async () => {
    const { frame, effects } = setUp(blur, {
      hold: true,
      ports: { loadSegmenter: () => Promise.reject(new TypeError('offline')) },
    })
    await settled()
    expect(effects.state).toEqual({ status: 'failed', reason: 'assets' })
    expect(await frame()).toBe('plain')
  })

  it('keep what is in force while something else loads, and when that fails', async () => {
    const faces = gate<never>()
    const { effects, frame, drawn } = setUp(warm, { ports: { loadFaces: () => faces.promise } })
    await settled()
    await frame()
    effects.change(glasses)
    expect(effects.state).toEqual({ status: 'loading' })
    await frame()
    faces.reject(new Error('404'))
    await settled()
    expect(effects.state).toEqual({ status: 'failed', reason: 'assets' })
    await frame()
    expect(drawn).toEqual([warm, warm, warm])
  })

  it('show the last of several choices, whichever was loaded last', async () => {
    const segmenter = gate<Awaited<ReturnType<CameraPorts['loadSegmenter']>>>()
    const { effects, frame, drawn } = setUp(blur, { ports: { loadSegmenter: () => segmenter.promise } })
    effects.change(cool)
    await settled()
    segmenter.resolve({ outline: async () => undefined })
    await settled()
    await frame()
    expect(drawn).toEqual([cool])
    expect(effects.choice).toEqual(cool)
  })

  it('end with the choice of nothing, and begin again', async () => {
    const { effects, frame, states } = setUp(warm)
    await settled()
    effects.change(plainChoice)
    expect(await frame()).toBe('plain')
    effects.change(cool)
    await settled()
    expect(await frame()).toBe('painted')
    expect(states.map(({ status }) => status)).toEqual(['on', 'off', 'loading', 'on'])
  })

  it('say that there is no WebGL', async () => {
    const { effects, frame } = setUp(warm, {
      ports: {
        openCanvas: () => {
          throw new NoWebGl()
        },
      },
    })
    await settled()
    expect(effects.state).toEqual({ status: 'failed', reason: 'no-webgl' })
    expect(await frame()).toBe('plain')
  })

  it('let the plain picture through when WebGL is lost, and come back when they are asked for again', async () => {
    const { effects, frame, lose } = setUp(warm)
    await settled()
    lose()
    expect(effects.state).toEqual({ status: 'failed', reason: 'context-lost' })
    expect(await frame()).toBe('plain')
    effects.change(warm)
    await settled()
    expect(await frame()).toBe('painted')
  })

  it('say so when the computer is slow, do less, and end when even that is too much', async () => {
    let slow = 0
    const { effects, frame, states, wait, masks } = setUp(blur, {
      ports: {
        loadSegmenter: async () => ({
          outline: async () => {
            wait(slow)
            return {} as ImageBitmap
          },
        }),
      },
    })
    await settled()
    slow = 120
    for (let i = 0; i < 60; i++) await frame()
    expect(effects.state.status).toBe('stepped-down')
    expect(masks()).toBeLessThan(60)
    slow = 10_000
    for (let i = 0; i < 60; i++) await frame()
    expect(effects.state).toEqual({ status: 'failed', reason: 'too-slow' })
    expect(states.map(({ status }) => status)).toContain('stepped-down')
    expect(await frame()).toBe('plain')
  })

  it('close everything that they opened, once', async () => {
    const { effects, closed, frame } = setUp({ ...glasses, background: blur.background })
    await settled()
    await frame()
    expect(closed).toEqual(['mask'])
    effects.close()
    effects.close()
    expect(closed).toEqual(['mask', 'frames', 'canvas', 'faces'])
  })

  it('close what arrives after they were closed', async () => {
    const { effects, closed } = setUp(glasses)
    effects.close()
    await settled()
    expect(closed).toContain('faces')
  })
})

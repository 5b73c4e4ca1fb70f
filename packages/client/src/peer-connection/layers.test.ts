import { expect, test } from 'vitest'
import type { PublishOptions } from '../types.ts'
import { planEncoding } from './budget.ts'
import { codecOf, type Picture, planLayers, sendEncodings } from './layers.ts'

const camera = (options: PublishOptions = {}): Picture => ({ source: 'camera', options })
const screen = (options: PublishOptions = {}): Picture => ({ source: 'screen', options })
const all = () => true

function plan(picture: Picture, width: number, height: number, wanted: (rid?: string) => boolean = all, peers = 1) {
  const { maxBitrateBps } = picture.options
  return planLayers(
    picture,
    { width, height },
    planEncoding(picture.source, peers, height, maxBitrateBps, false),
    wanted,
  )
}
const active = (...args: Parameters<typeof plan>) => plan(...args).map(layer => layer.active)
const only =
  (...rids: string[]) =>
  (rid?: string) =>
    rids.includes(rid ?? '')

test('a camera has as many layers as its picture is large, whichever way it is turned', () => {
  expect(sendEncodings(camera()).map(({ rid }) => rid)).toEqual(['q', 'h', 'f'])
  expect(active(camera(), 1280, 720)).toEqual([true, true, true])
  expect(active(camera(), 720, 1280)).toEqual([true, true, true])
  expect(active(camera(), 640, 480)).toEqual([false, true, true])
  expect(active(camera(), 320, 180)).toEqual([false, false, true])
  expect(plan(camera(), 1280, 720).map(layer => layer.scaleResolutionDownBy)).toEqual([4, 2, 1])
})

test('the smaller a layer, the fewer bits; all of it in what is left of the best one', () => {
  const bits = (...args: Parameters<typeof plan>) => plan(...args).map(layer => layer.maxBitrateBps)
  expect(bits(camera(), 1280, 720)).toEqual([150_000, 500_000, 1_800_000])
  expect(bits(camera(), 1920, 1080)).toEqual([300_000, 1_000_000, 2_500_000])
  expect(bits(camera({ maxBitrateBps: 200_000 }), 1280, 720)).toEqual([150_000, 200_000, 200_000])
})

test('a camera whose size is not known is taken for a usual one', () => {
  const layers = planLayers(camera(), {}, planEncoding('camera', 1, undefined, undefined, false), all)
  expect(layers.map(layer => [layer.active, layer.maxBitrateBps])).toEqual([
    [true, 150_000],
    [true, 500_000],
    [true, 1_800_000],
  ])
})

test('until the server chooses layers, the best one is only as large as its share', () => {
  expect(plan(camera(), 1280, 720, all, 4)).toMatchObject([
    { active: false },
    { active: true, scaleResolutionDownBy: 4 },
    { active: true, scaleResolutionDownBy: 2, maxBitrateBps: 450_000 },
  ])
})

test('a screen keeps its size, and has a small layer that moves little', () => {
  expect(sendEncodings(screen()).map(({ rid }) => rid)).toEqual(['h', 'f'])
  expect(plan(screen(), 1920, 1080)).toMatchObject([
    { active: true, scaleResolutionDownBy: 2, maxFramerate: 5 },
    { active: true, scaleResolutionDownBy: 1, maxBitrateBps: 4_000_000 },
  ])
  expect(active(screen(), 800, 600)).toEqual([false, true])
})

test('only what is wanted is active', () => {
  expect(active(camera(), 1280, 720, only('q'))).toEqual([true, false, false])
  expect(active(camera(), 1280, 720, only('q', 'f'))).toEqual([true, false, true])
  expect(active(camera(), 1280, 720, only())).toEqual([false, false, false])
})

test('who wants a layer that is too small to be sent gets the smallest that is', () => {
  expect(active(camera(), 640, 480, only('q'))).toEqual([false, true, false])
  expect(active(camera(), 320, 180, only('h'))).toEqual([false, false, true])
  expect(active(camera(), 320, 180, only())).toEqual([false, false, false])
})

test('without simulcast, and with SVC, there is one encoding', () => {
  expect(sendEncodings(camera({ simulcast: false }))).toEqual([{}])
  expect(sendEncodings(camera({ scalabilityMode: 'L3T3_KEY' }))).toEqual([{ scalabilityMode: 'L3T3_KEY' }])
  expect(sendEncodings(camera({ scalabilityMode: 'L1T2' }))).toHaveLength(3)
  expect(plan(camera({ scalabilityMode: 'S3T3' }), 1280, 720, () => false)).toMatchObject([
    { active: false, scaleResolutionDownBy: 1, maxBitrateBps: 2_500_000 },
  ])
})

test('SVC takes a codec that has it', () => {
  expect([
    codecOf(camera()),
    codecOf(camera({ scalabilityMode: 'L1T2' })),
    codecOf(camera({ scalabilityMode: 'L2T3' })),
    codecOf(camera({ scalabilityMode: 'L3T3_KEY', codec: 'av1' })),
  ]).toEqual([undefined, undefined, 'vp9', 'av1'])
})

import { expect, test } from 'vitest'
import { planEncoding } from './budget.ts'

const camera = (peers: number, lines?: number, limit?: number, starting = false) =>
  planEncoding('camera', peers, lines, limit, starting)

test('the more people, the smaller each one’s share; in all it never grows beyond an upload', () => {
  const shares = [1, 2, 3, 4, 5, 6, 10].map(peers => camera(peers).maxBitrateBps ?? 0)
  expect(shares.slice(0, 5)).toEqual([2_500_000, 1_200_000, 700_000, 450_000, 300_000])
  for (const [i, share] of shares.entries()) expect(share).toBeLessThanOrEqual(shares[i - 1] ?? share)
  expect((camera(10).maxBitrateBps ?? 0) * 10).toBeLessThanOrEqual(2_500_000)
})

test('a screen gets more than a camera, and keeps its size', () => {
  for (const peers of [1, 2, 3, 4, 5, 8]) {
    const screen = planEncoding('screen', peers, 2160, undefined, false)
    expect(screen.maxBitrateBps).toBeGreaterThan(camera(peers).maxBitrateBps ?? 0)
    expect(screen.scaleResolutionDownBy).toBe(1)
  }
})

test('a picture is scaled to what its share can carry, and never up', () => {
  expect(camera(1, 720).scaleResolutionDownBy).toBe(1)
  expect(camera(4, 720).scaleResolutionDownBy).toBe(2)
  expect(camera(5, 240).scaleResolutionDownBy).toBe(1)
  expect(camera(5).scaleResolutionDownBy).toBe(1)
})

test('a camera starts small, whatever its share; a screen has to be read from the first picture on', () => {
  expect(camera(1, 720, undefined, true).scaleResolutionDownBy).toBe(2)
  expect(camera(1, 360, undefined, true).scaleResolutionDownBy).toBe(1)
  expect(camera(4, 720, undefined, true)).toEqual(camera(4, 720))
  expect(planEncoding('screen', 1, 2160, undefined, true).scaleResolutionDownBy).toBe(1)
})

test('the publisher’s limit counts where it is lower', () => {
  expect(camera(1, 720, 100_000).maxBitrateBps).toBe(100_000)
  expect(camera(5, 720, 9_000_000).maxBitrateBps).toBe(300_000)
})

test('sound is left to the codec, unless the publisher says otherwise', () => {
  expect(planEncoding('microphone', 5, undefined, undefined, false)).toEqual({
    active: true,
    maxBitrateBps: undefined,
    scaleResolutionDownBy: undefined,
  })
  expect(planEncoding('screen-audio', 1, undefined, 128_000, false).maxBitrateBps).toBe(128_000)
})

test('nobody to send to is no division by nothing', () => {
  expect(camera(0)).toEqual(camera(1))
})

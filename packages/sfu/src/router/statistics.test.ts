import { Capacity } from '@parley/testkit'
import { expect, test } from 'vitest'
import { wantAll } from '../control.ts'
import { ThinDownlink, thinForAWhile } from './testing/thin-downlink.ts'

/** The transports of the first publisher, and of the first two receivers, of a {@link ThinDownlink}. */
const [publisher, receiver, another] = [0, 100, 101] as const

test('a link that carries too little: what it is taken to carry, what is wanted, got, and asked of the publisher', () => {
  const call = new ThinDownlink(1)
  call.join(Capacity.steady(700_000))
  call.run(10_000)
  const [sent, got, ...others] = call.router.statistics([publisher, receiver, 9999])
  expect(others).toEqual([])
  const [camera, sound] = sent?.publications ?? []
  expect(camera?.layers.map(({ size, pixels }) => [size, pixels])).toEqual([
    [0, 320 * 180],
    [1, 640 * 360],
    // Nobody has had a key frame of it, which would say.
    [2, undefined],
  ])
  expect(camera?.layers.map(({ bitrateBps = 0 }) => bitrateBps).toSorted((a, b) => a - b)).toEqual(
    camera?.layers.map(({ bitrateBps }) => bitrateBps),
  )
  expect(camera?.encodings.map(({ wanted }) => wanted)).toEqual([true, true, true])
  expect(sound?.layers).toMatchObject([{ size: 0, pixels: undefined }])
  const [picture] = got?.subscriptions ?? []
  expect(picture).toMatchObject({ layer: { size: 1 }, wanted: { size: 2 }, reduced: true, waiting: false })
  expect(got?.link?.wantedBps).toBeGreaterThan(1_500_000)
  expect(got?.link?.grantedBps).toBeGreaterThan(450_000)
  expect(got?.link?.grantedBps).toBeLessThan(got?.link?.wantedBps ?? 0)
  expect(got?.link?.estimateBps).toBeGreaterThan(500_000)
  expect(got?.link?.estimateBps).toBeLessThan(1_000_000)
  expect(call.router.counters()).toMatchObject({ pictures: 1, picturesReduced: 1, picturesWaiting: 0, links: 1 })
  expect(call.router.counters().probes).toBeGreaterThan(0)
})

test('a link that gets thinner, and wider again, is counted in layers lowered and raised, and streams switched', () => {
  const call = new ThinDownlink(1)
  call.join(thinForAWhile())
  call.run(14_000)
  const before = call.router.counters()
  expect(before).toMatchObject({ picturesReduced: 0 })
  call.run(30_000)
  const thin = call.router.counters()
  expect(thin.layersLowered).toBeGreaterThan(before.layersLowered)
  expect(thin.streamSwitches).toBeGreaterThan(before.streamSwitches)
  expect(thin).toMatchObject({ picturesReduced: 1 })
  call.run(60_000)
  expect(call.router.counters().layersRaised).toBeGreaterThan(thin.layersRaised)
  expect(call.router.counters()).toMatchObject({ picturesReduced: 0 })
})

test('what a subscriber pauses, or wants smaller, is no lack', () => {
  const call = new ThinDownlink(2)
  call.join(Capacity.steady(10_000_000), 500, [{ ...wantAll, paused: true }])
  call.join(Capacity.steady(10_000_000), 500, [{ ...wantAll, pixels: 320 * 180 }])
  call.run(10_000)
  const [first, second] = call.router.statistics([receiver, another])
  expect(first?.subscriptions[0]).toMatchObject({ layer: undefined, wanted: undefined, reduced: false })
  expect(second?.subscriptions[0]).toMatchObject({ layer: { size: 0 }, wanted: { size: 0 }, reduced: false })
  expect(call.router.counters()).toMatchObject({ pictures: 3, picturesPaused: 1, picturesReduced: 0, links: 2 })
})

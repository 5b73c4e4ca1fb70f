import { expect, test } from 'vitest'
import { wantAll } from '../control.ts'
import { Alarms } from './alarms.ts'
import { emptyCounters } from './counters.ts'
import { FrameInfo } from './frame-info.ts'
import { HeaderLayouts } from './header-layouts.ts'
import { highestLayer } from './layer-gate.ts'
import { LayerRates } from './layer-rates.ts'
import { largestUseful, layersOf, ranked } from './layers.ts'
import { SourceStream } from './source-stream.ts'

interface Flow {
  readonly pixels?: number
  readonly bps?: number
  readonly spatial?: number
  readonly temporal?: number
}

function count(rates: LayerRates, spatial: number, temporal: number, octets: number, ownLayerOnly = false): void {
  rates.count(octets, Object.assign(new FrameInfo(), { spatial, temporal, ownLayerOnly }))
}

function stream({ pixels = 0, bps = 0, spatial = 1, temporal = 1 }: Flow): SourceStream {
  const stream = new SourceStream({
    ...{ ssrc: 1, kind: 'video', layouts: new HeaderLayouts({}), alarms: new Alarms(), counters: emptyCounters() },
    feedback: { requestKeyFrame: () => true, nack: () => true },
    resized: () => undefined,
    now: 0,
  })
  stream.pixels = pixels
  stream.rates.measure(0)
  for (let s = 0; s < spatial; s++) {
    for (let t = 0; t < temporal; t++) count(stream.rates, s, t, bps / 8 / spatial / temporal)
  }
  stream.rates.measure(1000)
  return stream
}

test('the order of streams: by their pictures, else by what clearly carries more, else as it was', () => {
  const [small, large, unknown, fast, faster, slow] = [
    stream({ pixels: 100, bps: 9000 }),
    stream({ pixels: 400, bps: 100 }),
    stream({}),
    stream({ bps: 1000 }),
    stream({ bps: 1200 }),
    stream({ bps: 500 }),
  ] as const
  expect(ranked([large, small])).toEqual([small, large])
  expect(ranked([fast, slow])).toEqual([slow, fast])
  expect(ranked([faster, fast])).toEqual([faster, fast])
  expect(ranked([unknown, fast])).toEqual([unknown, fast])
  expect(ranked([])).toEqual([])
})

test('layers of simulcast: all frame rates of the lowest, of the others not the lowest', () => {
  const [low, high] = [
    stream({ pixels: 100, bps: 3000, temporal: 3 }),
    stream({ pixels: 400, bps: 9000, temporal: 3 }),
  ] as const
  const layers = layersOf([low, high])
  expect(layers.map(({ size, temporal, pixels }) => [size, temporal, pixels])).toEqual([
    [0, 0, 100],
    [0, 1, 100],
    [0, 2, 100],
    [1, 1, 400],
    [1, 2, 400],
  ])
  expect(layers.map(({ mostTemporal }) => mostTemporal)).toEqual([0, 1, highestLayer, 1, highestLayer])
  expect(layers.map(({ bps }) => Math.round(bps))).toEqual([1000, 2000, 3000, 6000, 9000])
})

test('layers of SVC: sizes by what the highest is; each needs those below, unless they are independent', () => {
  const svc = stream({ pixels: 1600, bps: 3000, spatial: 3 })
  expect(layersOf([svc]).map(({ pixels, bps }) => [pixels, Math.round(bps)])).toEqual([
    [100, 1000],
    [400, 2000],
    [1600, 3000],
  ])
  const rates = new LayerRates()
  rates.measure(0)
  count(rates, 1, 0, 250)
  count(rates, 0, 0, 125, true)
  rates.measure(1000)
  expect([rates.upTo(0, 0), rates.upTo(1, 0)]).toEqual([1000, 2000])
})

test('a spatial layer that is sent no more is forgotten, one of a still picture is not', () => {
  const rates = new LayerRates()
  rates.measure(0)
  for (const spatial of [0, 1, 2]) count(rates, spatial, 0, 100)
  rates.measure(500)
  expect(rates.spatialLayers).toBe(3)
  rates.measure(1000)
  rates.measure(1500)
  expect(rates.spatialLayers).toBe(3)
  for (const now of [2000, 2500]) {
    count(rates, 0, 0, 100)
    rates.measure(now)
  }
  expect(rates.spatialLayers).toBe(1)
  count(rates, 1, 0, 100)
  expect(rates.spatialLayers).toBe(2)
})

test('a pause is no measurement, and a rate that rises is known at once', () => {
  const rates = new LayerRates()
  rates.measure(0)
  count(rates, 0, 0, 62_500)
  rates.measure(500)
  expect(rates.bps).toBe(1_000_000)
  rates.measure(60_000)
  expect(rates.bps).toBe(1_000_000)
  for (let now = 60_500; now < 70_000; now += 500) rates.measure(now)
  expect(rates.bps).toBe(1_000_000)
  count(rates, 0, 0, 62_500 * 5)
  rates.measure(70_000)
  expect(rates.bps).toBe(5_000_000)
})

test('the largest size of use: the smallest that nearly fills the tile, unknown ones may', () => {
  const sizes = [320 * 180, 640 * 360, 1280 * 720]
  const useful = (pixels: number | undefined, spatial?: number) =>
    largestUseful(sizes, { ...wantAll, pixels, layer: { spatial, temporal: undefined } })
  expect(useful(undefined)).toBe(Number.POSITIVE_INFINITY)
  expect(useful(1)).toBe(0)
  expect(useful(320 * 180)).toBe(0)
  expect(useful(400 * 225)).toBe(1)
  expect(useful(700 * 400)).toBe(1)
  expect(useful(800 * 450)).toBe(2)
  expect(useful(4000 * 2000)).toBe(Number.POSITIVE_INFINITY)
  expect(useful(4000 * 2000, 1)).toBe(1)
  expect(useful(1, 1)).toBe(0)
  expect(largestUseful([0, 400], { ...wantAll, pixels: 300 })).toBe(1)
  expect(largestUseful([], wantAll)).toBe(Number.POSITIVE_INFINITY)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Allocation, classes, type StreamDemand } from './allocation.ts'

const bitrates = [100_000, 300_000, 900_000]
const audio = { key: 'audio', priority: classes.audio, bitrates: [40_000], wanted: 0 }
const speaker = { key: 'speaker', priority: classes.speaker, bitrates, wanted: 2 }
const screen = { key: 'screen', priority: classes.screen, bitrates: [200_000, 1_000_000], wanted: 1 }
const tile = { key: 'tile', priority: classes.others, bitrates, wanted: 2 }
const other = { key: 'other', priority: classes.others, bitrates, wanted: 2 }

/** What is given at the beginning, when nothing is held. */
function first(demands: readonly StreamDemand<string>[], targetBps: number): number[] {
  return new Allocation<string>().allocate(demands, targetBps, 0)
}

test('everybody has their lowest before anybody rises; then class by class, the lowest first', () => {
  const all = [tile, audio, screen, other, speaker]
  expect(first(all, 1.15 * 540_000)).toEqual([0, 0, 0, 0, 0])
  expect(first(all, 1.15 * 740_000)).toEqual([0, 0, 0, 0, 1])
  expect(first(all, 1.15 * 1_340_000)).toEqual([0, 0, 0, 0, 2])
  expect(first(all, 1.15 * 2_140_000)).toEqual([0, 0, 1, 0, 2])
  expect(first(all, 1.15 * 2_540_000)).toEqual([1, 0, 1, 1, 2])
  expect(first(all, 10_000_000)).toEqual([2, 0, 1, 2, 2])
})

test('with too little, the less important are paused, and audio never', () => {
  expect(first([tile, speaker, audio, other], 1.15 * 140_000)).toEqual([-1, 0, 0, -1])
  expect(first([tile, speaker, audio], 1000)).toEqual([-1, -1, 0])
  expect(first([tile, { ...other, weight: 2 }], 1.15 * 100_000)).toEqual([-1, 0])
})

test('what is not wanted is not given', () => {
  expect(
    first(
      [
        { ...tile, wanted: 1 },
        { ...other, wanted: -1 },
        { ...screen, wanted: 9 },
      ],
      10_000_000,
    ),
  ).toEqual([1, -1, 1])
})

test('climbs as soon as there is room, until it has to go down', () => {
  const allocation = new Allocation<string>()
  const at = (now: number, targetBps: number) => allocation.allocate([speaker], targetBps, now)[0]
  expect([at(0, 150_000), at(100, 400_000), at(200, 1_100_000), at(300, 400_000), at(400, 1_100_000)]).toEqual([
    0, 1, 2, 1, 1,
  ])
})

test('rises with headroom: at first at once, later after 5 s; falls at once', () => {
  const allocation = new Allocation<string>()
  const at = (now: number, targetBps: number) => allocation.allocate([speaker], targetBps, now)[0]
  expect(at(0, 400_000)).toBe(1)
  expect(at(1000, 250_000)).toBe(0)
  expect(at(1100, 2_000_000)).toBe(0)
  expect(at(5900, 2_000_000)).toBe(0)
  expect(at(6000, 1_000_000)).toBe(1)
  expect(at(20_000, 1_000_000)).toBe(1)
  expect(at(20_000, 1_100_000)).toBe(2)
  expect(at(20_100, 950_000)).toBe(2)
  expect(at(20_200, 899_000)).toBe(1)
})

test('one that was paused for want of capacity comes back after a second, with its lowest layer', () => {
  const allocation = new Allocation<string>()
  const at = (now: number, targetBps: number) => allocation.allocate([speaker], targetBps, now)[0]
  expect([
    at(0, 400_000),
    at(100, 50_000),
    at(1000, 400_000),
    at(1100, 400_000),
    at(2000, 400_000),
    at(6100, 400_000),
  ]).toEqual([1, -1, -1, 0, 0, 1])
})

test('what is wanted anew is given at once, and who is more important takes it from others', () => {
  const allocation = new Allocation<string>()
  expect(allocation.allocate([tile, other], 1_100_000, 0)).toEqual([1, 1])
  expect(allocation.allocate([{ ...tile, wanted: 0 }, other], 1_160_000, 1000)).toEqual([0, 2])
  expect(allocation.allocate([{ ...tile, priority: classes.speaker }, other], 1_160_000, 1100)).toEqual([2, 0])
})

test('with constant demands, each layer changes at most once in 5 s once it has gone down, as long as what is sent fits, pauses aside', () => {
  const demands = fc.array(
    fc.record({
      priority: fc.constantFrom(...Object.values(classes)),
      weight: fc.integer({ min: 1, max: 3 }),
      bitrates: fc
        .array(fc.integer({ min: 20_000, max: 2_000_000 }), { minLength: 1, maxLength: 4 })
        .map(list => list.toSorted((a, b) => a - b)),
      wanted: fc.integer({ min: -1, max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  const targets = fc.array(fc.integer({ min: 10_000, max: 6_000_000 }), { minLength: 30, maxLength: 60 })
  fc.assert(
    fc.property(demands, targets, (list, budgets) => {
      const allocation = new Allocation<number>()
      const named = list.map((demand, key) => ({ ...demand, key }))
      const rate = (layers: readonly number[]) =>
        layers.reduce((sum, layer, i) => sum + (named[i]?.bitrates[layer] ?? 0), 0)
      const sound = named.reduce(
        (sum, { priority, wanted, bitrates }) => sum + (priority === 0 && wanted >= 0 ? (bitrates[0] as number) : 0),
        0,
      )
      const changedAt = new Map<number, number>()
      const fallen = new Set<number>()
      let before: readonly number[] = []
      return budgets.every((targetBps, i) => {
        const now = 700 * i
        const layers = allocation.allocate(named, targetBps, now)
        const fits = rate(before) <= targetBps
        const rare = layers.every((layer, key) => {
          const was = before[key]
          if (was === undefined || layer === was) return true
          const heldMs = now - (changedAt.get(key) ?? -5000)
          const climbs = layer > was && !fallen.has(key)
          changedAt.set(key, now)
          if (layer < was) fallen.add(key)
          return climbs || heldMs >= 5000 || (layer < was && !fits) || (was < 0 && layer === 0 && heldMs >= 1000)
        })
        before = layers
        const wanted = layers.every((layer, key) => layer <= (named[key]?.wanted ?? -1))
        return rare && wanted && rate(layers) <= Math.max(targetBps, sound)
      })
    }),
  )
})

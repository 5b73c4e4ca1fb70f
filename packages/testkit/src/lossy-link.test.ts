import { expect, test } from 'vitest'
import { LossyLink, type LossyLinkOptions, seededRandom } from './lossy-link.ts'

/** What arrives of 0 to 999, one sent a millisecond, with the times. */
function arrivals(options: Omit<LossyLinkOptions, 'random'>, seed = 1): { value: number; at: number }[] {
  const link = new LossyLink<number>({ ...options, random: seededRandom(seed) })
  const arrived: { value: number; at: number }[] = []
  for (let now = 0; now < 1000; now++) link.send(now, now)
  for (let at = link.nextTimeout(); at < Number.POSITIVE_INFINITY; at = link.nextTimeout()) {
    const value = link.receive(at)
    if (value !== undefined) arrived.push({ value, at })
  }
  return arrived
}

test('a good link delivers everything after its delay, in order', () => {
  expect(arrivals({ delayMs: 20 })).toEqual(Array.from({ length: 1000 }, (_, i) => ({ value: i, at: i + 20 })))
})

test('loses and duplicates the share that it is told', () => {
  expect(arrivals({ loss: 0.2 }).length / 1000).toBeCloseTo(0.8, 1)
  expect(arrivals({ duplication: 0.1 }).length / 1000).toBeCloseTo(1.1, 1)
  expect(arrivals({ loss: 1 })).toEqual([])
})

test('jitter delays without changing the order; reordering changes it', () => {
  const order = (options: Omit<LossyLinkOptions, 'random'>) => arrivals(options).map(({ value }) => value)
  const inOrder = Array.from({ length: 1000 }, (_, i) => i)
  expect(order({ jitterMs: 50 })).toEqual(inOrder)
  expect(new Set(arrivals({ jitterMs: 50 }).map(({ value, at }) => Math.floor(at - value))).size).toBeGreaterThan(3)
  const reordered = order({ reordering: 0.2 })
  expect(reordered).not.toEqual(inOrder)
  expect(reordered.toSorted((one, other) => one - other)).toEqual(inOrder)
})

test('the same seed does the same, another something else', () => {
  const bad = { delayMs: 10, jitterMs: 5, loss: 0.1, duplication: 0.1, reordering: 0.1 }
  expect(arrivals(bad, 7)).toEqual(arrivals(bad, 7))
  expect(arrivals(bad, 7)).not.toEqual(arrivals(bad, 8))
})

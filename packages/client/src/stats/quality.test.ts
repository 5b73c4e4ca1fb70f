import { expect, test } from 'vitest'
import { connectionQuality } from './quality.ts'
import type { PeerStats, TrackStats } from './types.ts'

function stats(loss: number | undefined, roundTripMs: number | undefined, freezeCount = 0): PeerStats {
  const track = { id: 'cam', source: 'camera', direction: 'in', loss, freezeCount } as TrackStats
  return { participant: 'bob', roundTripMs, tracks: [track] } as unknown as PeerStats
}

test.each([
  [0, 20, 4],
  [undefined, undefined, 4],
  [0.05, 20, 3],
  [0, 300, 3],
  [0.1, 20, 2],
  [0.01, 700, 2],
  [0.3, 20, 1],
  [0, 2000, 1],
])('loss %s and %s ms are quality %s', (loss, roundTripMs, quality) => {
  expect(connectionQuality(stats(loss, roundTripMs), undefined)).toBe(quality)
})

test('pictures that froze since cost a step; those that froze before do not', () => {
  expect(connectionQuality(stats(0, 20, 3), stats(0, 20, 2))).toBe(3)
  expect(connectionQuality(stats(0, 300, 3), stats(0, 20, 2))).toBe(2)
  expect(connectionQuality(stats(0, 20, 3), stats(0, 20, 3))).toBe(4)
  expect(connectionQuality(stats(0, 20, 3), undefined)).toBe(4)
})

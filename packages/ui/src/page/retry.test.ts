import { expect, it } from 'vitest'
import { retryDelayMs, secondsUntil } from './retry.ts'

it('waits longer each time, never more than half a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 100].map(retryDelayMs)).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

it('counts down in whole seconds and stops at 0', () => {
  expect([0, 1, 999, 1000, 4001, 9000].map(now => secondsUntil(5000, now))).toEqual([5, 5, 5, 4, 1, 0])
})

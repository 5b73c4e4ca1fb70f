import { expect, test } from 'vitest'
import { retryDelay } from './retry-policy.ts'

test('waits longer each time, up to ten seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 50].map(failures => retryDelay(failures, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000,
  ])
})

test('is spread over half of its length', () => {
  expect(retryDelay(3, 0)).toBe(2000)
  expect(retryDelay(3, 0.5)).toBe(3000)
})

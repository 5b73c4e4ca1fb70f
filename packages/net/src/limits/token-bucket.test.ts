import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

const rate = { perSecond: 10, burst: 3 }

test('gives the burst at once, then as fast as it fills', () => {
  const bucket = new TokenBucket(rate, 0)
  expect([0, 0, 0, 0].map(now => bucket.take(now))).toEqual([true, true, true, false])
  expect(bucket.take(99)).toBe(false)
  expect(bucket.take(200)).toBe(true)
})

test('never holds more than the burst', () => {
  const bucket = new TokenBucket(rate, 0)
  expect(bucket.take(1_000_000, 4)).toBe(false)
  expect(bucket.take(1_000_000, 3)).toBe(true)
})

test('a refusal costs nothing, and a clock that goes back fills nothing', () => {
  const bucket = new TokenBucket(rate, 1000)
  expect(bucket.take(1000, 4)).toBe(false)
  expect(bucket.take(1000, 3)).toBe(true)
  expect(bucket.take(0)).toBe(false)
  expect(bucket.take(50)).toBe(false)
  expect(bucket.take(100)).toBe(true)
})

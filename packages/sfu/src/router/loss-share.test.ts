import { expect, test } from 'vitest'
import { LossShare } from './loss-share.ts'

test('is told of enough packets, so that one of a silent voice makes no third', () => {
  const loss = new LossShare()
  loss.count(1, 3)
  expect(loss.value).toBeUndefined()
  for (let i = 0; i < 6; i++) loss.count(0, 3)
  expect(loss.value).toBeCloseTo(1 / 21)
  loss.count(30, 100)
  expect(loss.value).toBe(0.3)
  loss.count(2, 2)
  expect(loss.value).toBe(0.3)
  loss.reset()
  expect(loss.value).toBeUndefined()
})

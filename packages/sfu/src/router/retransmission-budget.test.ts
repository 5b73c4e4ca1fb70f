import { expect, test } from 'vitest'
import { RetransmissionBudget } from './retransmission-budget.ts'

test('a packet once a round trip', () => {
  const budget = new RetransmissionBudget()
  expect(budget.take(5, 1000, 0, 50, 0)).toBe(true)
  expect(budget.take(5, 1000, 0, 50, 49)).toBe(false)
  expect(budget.take(6, 1000, 0, 50, 49)).toBe(true)
  expect(budget.take(5, 1000, 0, 50, 50)).toBe(true)
})

test('in a second no more than was forwarded in the second before, but always a little', () => {
  const budget = new RetransmissionBudget()
  const taken = (octetsForwarded: number, second: number) => {
    let bytes = 0
    for (let place = 0; place < 1000; place++) {
      if (budget.take(place, 1000, octetsForwarded, 0, second * 1000)) bytes += 1000
    }
    return bytes
  }
  expect(taken(0, 0)).toBe(64_000)
  expect(taken(500_000, 1)).toBe(500_000)
  expect(taken(500_000, 2)).toBe(64_000)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PerSource } from './per-source.ts'

test('a source at its limit gets no more until it lets something go; others do not notice', () => {
  const budget = new PerSource({ sockets: 2, bytes: 100 })
  const first = budget.take('192.0.2.1', 'sockets')
  expect(budget.take('::ffff:192.0.2.1', 'sockets')).toBeDefined()
  expect(budget.take('192.0.2.1', 'sockets')).toBeUndefined()
  expect(budget.refused('sockets')).toBe(1)
  expect(budget.take('192.0.2.2', 'sockets')).toBeDefined()
  expect(budget.take('192.0.2.1', 'bytes', 100)).toBeDefined()
  first?.release()
  first?.release()
  expect(budget.held('192.0.2.1', 'sockets')).toBe(1)
  expect(budget.take('192.0.2.1', 'sockets')).toBeDefined()
})

test('no amount that is not a number gets through', () => {
  const budget = new PerSource({ bytes: 100 })
  expect(budget.take('192.0.2.1', 'bytes', Number.NaN)).toBeUndefined()
  expect(budget.held('192.0.2.1', 'bytes')).toBe(0)
})

test('whatever comes and goes, counts are true and nothing is left', () => {
  const step = fc.record({
    host: fc.integer({ min: 1, max: 3 }),
    amount: fc.integer({ min: 1, max: 5 }),
    keep: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step), steps => {
      const budget = new PerSource({ things: 10 })
      const holds = new Map<number, { amount: number; release(): void }[]>()
      for (const { host, amount, keep } of steps) {
        const mine = holds.get(host) ?? []
        const before = mine.reduce((sum, hold) => sum + hold.amount, 0)
        expect(budget.held(`10.0.0.${host}`, 'things')).toBe(before)
        const hold = budget.take(`10.0.0.${host}`, 'things', amount)
        expect(hold !== undefined).toBe(before + amount <= 10)
        if (hold && keep) holds.set(host, [...mine, { amount, release: hold.release }])
        else hold?.release()
      }
      for (const hold of [...holds.values()].flat()) hold.release()
      expect(budget.sources).toBe(0)
    }),
  )
})

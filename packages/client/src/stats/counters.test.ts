import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growth, numberOf, rate, type StatsEntry } from './counters.ts'

const entry = (timestamp: number, bytes?: unknown): StatsEntry => ({ id: 'x', type: 'inbound-rtp', timestamp, bytes })

test('growth needs two looks, and a counter that did not fall', () => {
  expect(growth(entry(2, 10), undefined, 'bytes')).toBeUndefined()
  expect(growth(entry(2, 10), entry(1), 'bytes')).toBeUndefined()
  expect(growth(entry(2, 10), entry(1, 4), 'bytes')).toBe(6)
  expect(growth(entry(2, 3), entry(1, 4), 'bytes')).toBeUndefined()
})

test('a rate is per second, and undefined where no time passed', () => {
  expect(rate(entry(2_500, 600), entry(500, 100), 'bytes')).toBe(250)
  expect(rate(entry(500, 600), entry(500, 100), 'bytes')).toBeUndefined()
  expect(rate(entry(400, 600), entry(500, 100), 'bytes')).toBeUndefined()
})

test('whatever a browser reports, a number is finite or missing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.double(), fc.double(), (a, b, at, before) => {
      const now = entry(at, a)
      for (const value of [numberOf(now, 'bytes'), growth(now, entry(before, b), 'bytes')]) {
        expect(value === undefined || Number.isFinite(value)).toBe(true)
      }
    }),
  )
})

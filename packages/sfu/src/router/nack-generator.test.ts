import { expect, test } from 'vitest'
import { NackGenerator } from './nack-generator.ts'

function dueAt(nack: NackGenerator): [number, number[]] {
  const at = nack.nextAt
  nack.due(at)
  return [at, [...nack.numbers]]
}

test('asks after the tolerance, then once a round trip', () => {
  const nack = new NackGenerator()
  nack.missing(65_534, 65_537, 0)
  expect(nack.due(5)).toBe(0)
  expect(dueAt(nack)).toEqual([10, [65_534, 65_535, 0]])
  expect(dueAt(nack)).toEqual([130, [65_534, 65_535, 0]])
})

test('does not ask for what came by itself, and waits longer from then on', () => {
  const nack = new NackGenerator()
  nack.missing(1, 2, 0)
  nack.arrived(1, false, 5)
  expect(nack.nextAt).toBe(Number.POSITIVE_INFINITY)
  nack.missing(5, 6, 100)
  nack.arrived(5, false, 130)
  nack.missing(8, 9, 200)
  expect(nack.nextAt).toBeCloseTo(236)
})

test('learns the round trip from answers to first requests only', () => {
  const nack = new NackGenerator()
  for (let i = 0; i < 60; i++) {
    nack.missing(i, i + 1, i * 1000)
    const at = nack.nextAt
    nack.due(at)
    nack.arrived(i, true, at + 30)
  }
  expect(nack.rttMs).toBeCloseTo(30, 0)
  nack.missing(100, 101, 100_000)
  nack.due(nack.nextAt)
  nack.due(nack.nextAt)
  nack.arrived(100, true, 100_900)
  expect(nack.rttMs).toBeCloseTo(30, 0)
})

test('gives up after a second at most', () => {
  const nack = new NackGenerator()
  nack.missing(1, 3, 0)
  let last = 0
  let asked = 0
  while (nack.nextAt < Number.POSITIVE_INFINITY) {
    last = nack.nextAt
    asked += nack.due(last)
  }
  expect(nack.abandoned).toBe(2)
  expect(last).toBeLessThan(1200)
  expect(asked).toBeLessThanOrEqual(16)
})

test('with too much missing it gives up at once; asks for no more than fits', () => {
  const nack = new NackGenerator()
  nack.missing(0, 500, 0)
  expect(nack.due(10)).toBe(256)
  expect(nack.nextAt).toBe(10)
  expect(nack.due(10)).toBe(244)
  nack.missing(600, 700, 20)
  expect(nack.abandoned).toBe(600)
  expect(nack.nextAt).toBe(Number.POSITIVE_INFINITY)
})

test('a key frame makes up for what is before it', () => {
  const nack = new NackGenerator()
  nack.missing(1, 4, 0)
  nack.missing(8, 9, 0)
  nack.forgetBefore(5)
  nack.due(10)
  expect(nack.numbers).toEqual([8])
  expect(nack.abandoned).toBe(0)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequenceWindow } from './sequence-window.ts'

test('in order, with a gap, late, twice, over the wrap', () => {
  const window = new SequenceWindow()
  const steps: [number, string, number][] = [
    [65533, 'newest', 131069],
    [65535, 'newest', 131071],
    [1, 'newest', 131073],
    [65534, 'late', 131070],
    [65534, 'duplicate', 131070],
    [0, 'late', 131072],
    [1, 'duplicate', 131072],
    [65532, 'stray', 131072],
  ]
  for (const [number, arrival, extended] of steps) {
    expect(window.accept(number), String(number)).toBe(arrival)
    expect(window.extended).toBe(extended)
  }
})

test('a great step forward is a new numbering at once', () => {
  const window = new SequenceWindow()
  window.accept(100)
  expect(window.accept(20_000)).toBe('restart')
  expect(window.accept(19_999)).toBe('stray')
  expect(window.accept(20_001)).toBe('newest')
})

test('backward, two packets in a row are; single ones, and what merely comes late at the beginning, are not', () => {
  const window = new SequenceWindow()
  window.accept(40_000)
  expect(window.accept(20_000)).toBe('stray')
  expect(window.accept(30_000)).toBe('stray')
  expect(window.accept(39_998)).toBe('stray')
  expect(window.accept(39_999)).toBe('stray')
  expect(window.accept(40_001)).toBe('newest')
  expect(window.accept(20_000)).toBe('stray')
  expect(window.accept(20_001)).toBe('restart')
  expect(window.accept(20_002)).toBe('newest')
})

test('an extended number never comes twice, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(65535), fc.integer({ min: 1000, max: 1040 })), { maxLength: 300 }),
      numbers => {
        const window = new SequenceWindow()
        const seen = new Set<number>()
        for (const number of numbers) {
          const arrival = window.accept(number)
          if (arrival === 'duplicate' || arrival === 'stray') continue
          expect(seen.has(window.extended)).toBe(false)
          expect(window.extended % 0x10000).toBe(number)
          expect(arrival === 'late').toBe(window.extended < window.highest)
          seen.add(window.extended)
        }
      },
    ),
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IndexWindow, WINDOW } from './index-windows.ts'

/** A window that is at `index`. */
function at(index: number): IndexWindow {
  const window = new IndexWindow()
  window.use(index)
  return window
}

describe('the index that a sequence number stands for (RFC 3711, appendix A)', () => {
  test.each([
    // [newest index, sequence number, index]
    [0, 1, 1],
    [0, 32_768, 32_768],
    [65_535, 0, 65_536],
    [65_535, 65_534, 65_534],
    [65_536, 65_535, 65_535],
    [65_536, 1, 65_537],
    [65_536 + 40_000, 7_231, 2 * 65_536 + 7_231],
    [65_536 + 40_000, 7_232, 65_536 + 7_232],
    [65_536 + 10_000, 42_768, 65_536 + 42_768],
    [65_536 + 10_000, 42_769, 42_769],
    [2 ** 48 - 1, 0, 2 ** 48],
    [2 ** 47, 65_535, 2 ** 47 - 1],
  ])('newest %i, then %i: %i', (newest, sequence, index) => {
    expect(at(newest).estimate(sequence)).toBe(index)
  })

  test('nothing comes before the first packet', () => {
    expect(at(10).estimate(65_530)).toBeLessThan(0)
    expect(at(10).isFresh(at(10).estimate(65_530))).toBe(false)
  })

  test('right for any path of steps below half of the sequence numbers', () => {
    fc.assert(
      fc.property(
        fc.nat(65_535),
        fc.array(fc.integer({ min: -1000, max: 32_000 }), { maxLength: 50 }),
        (first, steps) => {
          const window = at(first)
          let newest = first
          for (const step of steps) {
            const index = newest + step
            if (index < 0) continue
            expect(window.estimate(index % 65_536)).toBe(index)
            if (window.isFresh(index)) window.use(index)
            newest = Math.max(newest, index)
          }
        },
      ),
    )
  })
})

test('an index is fresh once, as long as it is within the window: the same as a set says', () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: -1100, max: 40 }), fc.integer({ min: -3, max: 3000 })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(fc.constantFrom(0, 5, 65_500, 2 ** 31 - 50, 2 ** 32 - 50, 2 ** 47), steps, (first, walk) => {
      const window = new IndexWindow()
      const used = new Set<number>()
      let newest = -1
      for (const step of [0, ...walk]) {
        const index = newest < 0 ? first : newest + step
        if (index < 0) continue
        const fresh = index > newest || (newest - index < WINDOW && !used.has(index))
        expect(window.isFresh(index)).toBe(fresh)
        if (!fresh) continue
        window.use(index)
        used.add(index)
        newest = Math.max(newest, index)
      }
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { priorityInWords, splitPriority } from './priority.ts'

// Priorities as Chromium gathered them; see testdata/README.md.
test.each([
  [2122260223, '126 | 32542 | 255'],
  [1686052607, '100 | 32542 | 255'],
  [41885439, '2 | 32542 | 255'],
  [8331263, '0 | 32543 | 255'],
])('%d is %s', (priority, words) => {
  const parts = splitPriority(priority)
  expect(parts && priorityInWords(parts)).toBe(words)
})

test('the parts make up the number again, by the formula of RFC 8445 §5.1.2.1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), priority => {
      const parts = splitPriority(priority)
      expect(parts && 2 ** 24 * parts.type + 2 ** 8 * parts.local + parts.component).toBe(priority)
    }),
  )
})

test.each([undefined, null, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('%s is no priority', value => {
  expect(splitPriority(value)).toBeUndefined()
})

import { expect, it } from 'vitest'
import { formatDuration, isoDuration } from './clock.ts'

it.each([
  [0, '0:00', 'PT0H0M0S'],
  [5_000, '0:05', 'PT0H0M5S'],
  [65_999, '1:05', 'PT0H1M5S'],
  [3_599_000, '59:59', 'PT0H59M59S'],
  [3_845_000, '1:04:05', 'PT1H4M5S'],
  [100 * 3_600_000, '100:00:00', 'PT100H0M0S'],
  [-4_000, '0:00', 'PT0H0M0S'],
])('writes %i ms as %s', (ms, text, iso) => {
  expect(formatDuration(ms)).toBe(text)
  expect(isoDuration(ms)).toBe(iso)
})

import { expect, test } from 'vitest'
import { clockOff, clockWords } from './server-clock.ts'

test('how far the server’s clock is from this one, from the date of an answer', () => {
  const at = Date.parse('Sun, 29 Nov 2026 19:00:00 GMT')
  // Asked and answered in the middle of that second: no difference.
  expect(clockOff('Sun, 29 Nov 2026 19:00:00 GMT', at + 400, at + 600)).toBe(0)
  expect(clockOff('Sun, 29 Nov 2026 19:00:00 GMT', at - 3_600_000, at - 3_599_000)).toBe(3_600_000)
  expect(clockOff(null, at, at)).toBeUndefined()
  expect(clockOff('soon', at, at)).toBeUndefined()
})

test('a clock that is off is told in the unit that a person would use', () => {
  const minute = 60_000
  expect(clockWords(119_000, 'en')).toBeUndefined()
  expect(clockWords(-60 * minute, 'en')).toEqual({ way: 'ahead', off: '60 minutes' })
  expect(clockWords(61 * minute, 'en')).toEqual({ way: 'behind', off: '61 minutes' })
  expect(clockWords(8 * 60 * minute, 'zh')).toEqual({ way: 'behind', off: '8小时' })
  expect(clockWords(-72 * 60 * minute, 'en')).toEqual({ way: 'ahead', off: '3 days' })
})

import { expect, test } from 'vitest'
import { clockOff } from './look.ts'

test('how far the server’s clock is from this one, from the date of an answer', () => {
  const at = Date.parse('Sun, 29 Nov 2026 19:00:00 GMT')
  // Asked and answered in the middle of that second: no difference.
  expect(clockOff('Sun, 29 Nov 2026 19:00:00 GMT', at + 400, at + 600)).toBe(0)
  expect(clockOff('Sun, 29 Nov 2026 19:00:00 GMT', at - 3_600_000, at - 3_599_000)).toBe(3_600_000)
  expect(clockOff(null, at, at)).toBeUndefined()
  expect(clockOff('soon', at, at)).toBeUndefined()
})

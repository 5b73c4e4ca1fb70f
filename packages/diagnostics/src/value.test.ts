import { describe, expect, it } from 'vitest'
import { formatValue, measured, measuredAbove0 } from './value.ts'

describe('a value', () => {
  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY])('is missing for %s, and says why', number => {
    expect(measured(number, 'ms', 'timed-out')).toEqual({ missing: 'timed-out' })
    expect(formatValue(measured(number, 'ms'), 'en')).toBeUndefined()
  })

  it('of 0 is a result only where it can be one', () => {
    expect(measured(0, 'share')).toEqual({ value: 0, unit: 'share' })
    expect(measuredAbove0(0, 'ms', 'no-traffic')).toEqual({ missing: 'no-traffic' })
    expect(measuredAbove0(0.2, 'ms')).toEqual({ value: 0.2, unit: 'ms' })
  })

  it.each([
    [2_440_000, 'bit/s', '2.4 Mbit/s'],
    [820_000, 'bit/s', '820 kbit/s'],
    [1500, 'bit/s', '1.5 kbit/s'],
    [12, 'bit/s', '12 bit/s'],
    [0, 'bit/s', '0 bit/s'],
    [1_500_000, 'bytes', '1.5 MB'],
    [0.0042, 'share', '0.4 %'],
    [0.42, 'ms', '0.4 ms'],
    [1234, 'ms', '1,234 ms'],
    [29.97, 'fps', '30 fps'],
    [-12.5, 'dB', '-12.5 dB'],
  ] as const)('%s %s is written %s', (value, unit, text) => {
    expect(formatValue({ value, unit }, 'en')).toBe(text)
  })
})

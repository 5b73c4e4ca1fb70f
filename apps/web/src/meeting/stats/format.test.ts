import { expect, it } from 'vitest'
import { formatBitrate, formatCount, formatMs, formatRate, formatResolution, formatShare } from './format.ts'

it('writes measurements with their units', () => {
  expect(formatBitrate(820_000, 'en')).toBe('820 kbit/s')
  expect(formatBitrate(2_440_000, 'en')).toBe('2.4 Mbit/s')
  expect(formatBitrate(0, 'en')).toBe('0 kbit/s')
  expect(formatShare(0.0042, 'en')).toBe('0.4 %')
  expect(formatShare(0, 'en')).toBe('0 %')
  expect(formatMs(0.42, 'en')).toBe('0.4 ms')
  expect(formatMs(1234, 'en')).toBe('1,234 ms')
  expect(formatResolution(1280, 720)).toBe('1280 × 720')
  expect(formatRate(29.97, 'en')).toBe('30')
})

it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('says nothing where %s was measured', value => {
  for (const format of [formatBitrate, formatShare, formatMs, formatRate, formatCount])
    expect(format(value, 'en')).toBeUndefined()
  expect(formatResolution(value, 720)).toBeUndefined()
  expect(formatResolution(0, 0)).toBeUndefined()
})

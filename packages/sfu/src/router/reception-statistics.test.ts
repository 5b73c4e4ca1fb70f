import { compactNtp } from '@parley/rtp'
import { expect, test } from 'vitest'
import { ReceptionStatistics } from './reception-statistics.ts'

const cycle = 0x10000

test('counts loss since the last report and since the beginning (RFC 3550 §A.3)', () => {
  const statistics = new ReceptionStatistics()
  const receive = (number: number) => statistics.received(cycle + number, number * 3000, 90_000, false, number * 33)
  for (const number of [0, 1, 2, 4, 5, 6, 8, 9]) receive(number)
  expect(statistics.report(1, 0)).toMatchObject({
    fractionLost: Math.floor((2 / 10) * 256),
    cumulativeLost: 2,
    highestSequenceNumber: cycle + 9,
  })
  for (const number of [3, 10, 11]) receive(number)
  // One more came than is expected of this interval.
  expect(statistics.report(1, 0)).toMatchObject({ fractionLost: 0, cumulativeLost: 1 })
  expect(statistics.report(1, 0)).toBeUndefined()
})

test('jitter follows the difference of transit times (RFC 3550 §A.8)', () => {
  const statistics = new ReceptionStatistics()
  for (let i = 0; i < 2000; i++) statistics.received(i, i * 960, 48_000, false, i * 20 + (i % 2 ? 2 : -2))
  // 4 ms each time: 192 ticks.
  expect(statistics.report(1, 0)?.jitter).toBeGreaterThanOrEqual(190)
  expect(statistics.report(1, 0)).toBeUndefined()
  const steady = new ReceptionStatistics()
  // Over the wrap of the timestamp.
  for (let i = 0; i < 100; i++) steady.received(i, (0xffffff00 + i * 960) >>> 0, 48_000, false, i * 20)
  expect(steady.report(1, 0)?.jitter).toBe(0)
})

test('tells of the last sender report', () => {
  const statistics = new ReceptionStatistics()
  const ntp = { seconds: 0x12345678, fraction: 0x9abcdef0 }
  statistics.received(1, 0, 90_000, false, 0)
  expect(statistics.report(1, 0)).toMatchObject({ lastSr: 0, delaySinceLastSr: 0 })
  statistics.senderReport(ntp, 100)
  statistics.received(2, 0, 90_000, false, 0)
  expect(statistics.report(1, 600)).toMatchObject({ lastSr: compactNtp(ntp), delaySinceLastSr: 32_768 })
})

test('a new numbering is not a loss', () => {
  const statistics = new ReceptionStatistics()
  statistics.received(10, 0, 90_000, false, 0)
  statistics.received(500_000, 0, 90_000, true, 0)
  expect(statistics.report(1, 0)).toMatchObject({ fractionLost: 0, cumulativeLost: 0 })
})

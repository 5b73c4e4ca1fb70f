import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ArrivalTime, feedbackOf, forEachArrival } from './arrival-times.ts'
import { compactNtp, compactNtpSpan, ntpFromUnixMs, roundTripMs, unixMsFromNtp } from './ntp.ts'

test('NTP time: 1970, a known instant, the roll-over of 2036', () => {
  expect(ntpFromUnixMs(0)).toEqual({ seconds: 0x83aa7e80, fraction: 0 })
  expect(ntpFromUnixMs(500)).toEqual({ seconds: 0x83aa7e80, fraction: 0x80000000 })
  const rollOver = Date.UTC(2036, 1, 7, 6, 28, 16)
  expect(ntpFromUnixMs(rollOver)).toEqual({ seconds: 0, fraction: 0 })
  expect(unixMsFromNtp({ seconds: 0, fraction: 0 })).toBe(rollOver)
  expect(ntpFromUnixMs(rollOver - 1e-7)).toEqual({ seconds: 0, fraction: 0 })
  fc.assert(
    fc.property(fc.double({ min: 0, max: 4e12, noNaN: true }), ms => {
      const ntp = ntpFromUnixMs(ms)
      expect(ntp.seconds >>> 0).toBe(ntp.seconds)
      expect(ntp.fraction >>> 0).toBe(ntp.fraction)
      if (ms < 4.2e12) expect(Math.abs(unixMsFromNtp(ntp) - ms)).toBeLessThan(0.001)
    }),
  )
})

test('the middle 32 bits, and round trips over their roll-over', () => {
  expect(compactNtp({ seconds: 0xb44db705, fraction: 0x20000000 })).toBe(0xb7052000)
  // RFC 3550 figure 2: A - LSR - DLSR = 0x00062000, 6.125 s.
  expect(
    roundTripMs({ seconds: 0xb710, fraction: 0x80000000 }, { lastSr: 0xb7052000, delaySinceLastSr: 0x00054000 }),
  ).toBe(6125)
  expect(roundTripMs({ seconds: 1, fraction: 0 }, { lastSr: 0, delaySinceLastSr: 0 })).toBeUndefined()
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(60_000), fc.nat(60_000), (sent, delay, away) => {
      const lastSr = compactNtp(ntpFromUnixMs(sent))
      fc.pre(lastSr !== 0)
      const now = ntpFromUnixMs(sent + delay + away)
      const rtt = roundTripMs(now, { lastSr, delaySinceLastSr: compactNtpSpan(delay) }) ?? Number.NaN
      expect(Math.abs(rtt - away)).toBeLessThan(0.05)
    }),
  )
  expect(roundTripMs({ seconds: 1, fraction: 0 }, { lastSr: 65536, delaySinceLastSr: 3 }), 'a fast clock').toBe(0)
  expect(compactNtpSpan(1e9)).toBe(0xffffffff)
  expect(compactNtpSpan(-1)).toBe(0)
})

test('arrival times go through feedback without errors that add up', () => {
  const packet = fc.record({ skip: fc.integer({ min: 1, max: 30 }), us: fc.integer({ min: -20_000, max: 40_000 }) })
  const start = fc.integer({ min: 0, max: 60_000_000 })
  fc.assert(
    fc.property(fc.nat(0xffff), start, fc.array(packet, { minLength: 1, maxLength: 200 }), (base, startUs, packets) => {
      let sequence = base - 1
      let us = startUs + 5_000_000
      const times: ArrivalTime[] = packets.map(({ skip, us: step }) => {
        sequence += skip
        us += step
        return { sequenceNumber: sequence & 0xffff, arrivalUs: us }
      })
      const feedback = feedbackOf(base, times)
      expect(feedback.taken).toBe(times.length)
      expect(feedback.packetStatusCount).toBe(sequence - base + 1)
      const back: ArrivalTime[] = []
      forEachArrival(feedback, (sequenceNumber, arrivalUs) => back.push({ sequenceNumber, arrivalUs }))
      expect(back.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
        times.map(({ sequenceNumber }) => sequenceNumber),
      )
      for (const [i, { arrivalUs }] of back.entries()) {
        expect(Math.abs(arrivalUs - (times[i]?.arrivalUs ?? 0))).toBeLessThanOrEqual(125)
      }
    }),
  )
})

test('feedback takes what it can tell of', () => {
  const at = (sequenceNumber: number, ms: number) => ({ sequenceNumber, arrivalUs: ms * 1000 })
  expect(feedbackOf(0, [])).toMatchObject({ packetStatusCount: 0, arrivals: [], taken: 0 })
  expect(feedbackOf(1, [at(1, 0), at(2, 8_191), at(3, 20_000)]).taken, 'deltas of up to 8 s').toBe(2)
  expect(feedbackOf(1, [at(1, 0), at(1, 1)]).taken, 'each packet once').toBe(1)
  expect(feedbackOf(10, [at(30_000, 0), at(60_000, 0), at(20, 1)]), 'less than a round of numbers').toMatchObject({
    taken: 2,
    packetStatusCount: 59_991,
  })
})

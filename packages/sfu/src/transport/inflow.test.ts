import { expect, it } from 'vitest'
import { Inflow } from './inflow.ts'

/** How many packets of this size pass in ten seconds, sent at this rate. */
function passed(bytes: number, perMs: number): number {
  const inflow = new Inflow()
  let count = 0
  for (let now = 1000; now < 11_000; now++) {
    for (let i = 0; i < perMs; i++) if (inflow.admits(bytes, now)) count++
  }
  return count
}

it('lets pass all that an encoder sends: 180 Mbit/s in full packets, 10,000 small ones a second', () => {
  expect(passed(1200, 18)).toBe(180_000)
  expect(passed(100, 10)).toBe(100_000)
})

it('lets no more pass than 20,000 packets and 25 MB a second, after one second saved up', () => {
  expect(passed(60, 100)).toBeCloseTo(20_000 * 11, -3)
  expect(passed(1250, 100) * 1250).toBeLessThanOrEqual(25_000_000 * 11)
})

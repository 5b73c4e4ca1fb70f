import { Capacity } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Simulation } from './testing/simulation.ts'
import { quantile } from './testing/statistics.ts'

const seeds = Array.from({ length: 10 }, (_, i) => i + 1)

test.each([150_000, 500_000, 2_000_000, 8_000_000])(
  'a steady %i bit/s: found within 3 s, then kept within 15 percent, with a short queue',
  capacityBps => {
    for (const seed of seeds) {
      const run = new Simulation({ seed, capacity: Capacity.steady(capacityBps), lengthMs: 20_000 }).run()
      expect(Math.max(...run.between(0, 3000).map(({ estimateBps }) => estimateBps))).toBeGreaterThan(0.8 * capacityBps)
      const shares = run.between(5000, 20_000).map(({ estimateBps }) => estimateBps / capacityBps)
      expect(quantile(shares, 0.05)).toBeGreaterThan(0.85)
      expect(quantile(shares, 0.9)).toBeLessThan(1.05)
      expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
    }
  },
)

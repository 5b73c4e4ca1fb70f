import { type CapacityStep, lteTrace, sawtooth, seededRandom } from '@parley/testkit'

/** A capacity over time, in steps that a shaper can follow. */
export interface Trace {
  readonly name: string
  /** One for each {@link stepMs}, kbit/s. */
  readonly kbps: readonly number[]
  /** When the capacity has come back for good, if it is about that; ms. */
  readonly backAtMs?: number
}

export const stepMs = 500
/** A shaper that lets nothing through keeps what waits. */
const leastKbps = 40

const steady = (kbps: number, seconds: number) => Array<number>((seconds * 1000) / stepMs).fill(kbps)

/** The capacity in the middle of each step, averaged over it. */
function sampled(steps: readonly CapacityStep[], lengthMs: number): number[] {
  return Array.from({ length: lengthMs / stepMs }, (_, i) => {
    let bits = 0
    for (const [k, { at, bps }] of steps.entries()) {
      const from = Math.max(at, i * stepMs)
      const to = Math.min(steps[k + 1]?.at ?? lengthMs, (i + 1) * stepMs)
      if (to > from) bits += (bps * (to - from)) / 1000
    }
    return Math.max(leastKbps, Math.round(bits / stepMs))
  })
}

export const traces: readonly Trace[] = [
  { name: '2.5 Mbit/s', kbps: steady(2500, 40) },
  {
    name: '2.5 Mbit/s, 300 kbit/s for 20 s, 2.5 Mbit/s',
    kbps: [...steady(2500, 20), ...steady(300, 20), ...steady(2500, 25)],
    backAtMs: 40_000,
  },
  { name: 'sawtooth 0.5 to 2.5 Mbit/s in 20 s', kbps: sampled(sawtooth(500_000, 2_500_000, 20_000, 60_000), 60_000) },
  { name: 'like LTE, 1.5 Mbit/s', kbps: sampled(lteTrace(seededRandom(7), 1_500_000, 60_000), 60_000) },
]

import { burstyLoss, Capacity, lteTrace, policer, randomLoss, sawtooth, seededRandom, wifiTrace } from '@parley/testkit'
import { expect, test } from 'vitest'
import { classes, type StreamDemand } from './allocation.ts'
import { type Sample, Simulation, type SimulationOptions } from './testing/simulation.ts'
import { mean, quantile } from './testing/statistics.ts'

const minute = 60_000
const bitrates = [100_000, 300_000, 900_000]
/** A speaker and two others, who together want 2.7 Mbit/s. */
const pictures: readonly StreamDemand<string>[] = [
  { key: 'speaker', priority: classes.speaker, bitrates, wanted: 2 },
  { key: 'left', priority: classes.others, bitrates, wanted: 2 },
  { key: 'right', priority: classes.others, bitrates, wanted: 2 },
]

function runs(options: (seed: number) => Omit<SimulationOptions, 'seed'>, seeds = 12): Simulation[] {
  return Array.from({ length: seeds }, (_, i) => new Simulation({ seed: i + 1, ...options(i + 1) }).run())
}

function shares(samples: readonly Sample[]): number[] {
  return samples.map(({ estimateBps, capacityBps }) => estimateBps / capacityBps)
}

function delivered(run: Simulation, from: number, of: 'sentBps' | 'tcpBps' = 'sentBps'): number {
  const samples = run.between(from, minute)
  return mean(samples.map(sample => sample[of])) / mean(samples.map(({ capacityBps }) => capacityBps))
}

/** A layer changes twice in 5 s, other than because it had to go down, came back after a pause, or has only climbed so far. */
function hasRestlessLayers({ changes }: Simulation): boolean {
  return changes.some((change, i) => {
    const earlier = changes.slice(0, i).filter(({ key }) => key === change.key)
    const before = earlier.at(-1)
    const climbs = [...earlier, change].every(({ from, to }) => to > from)
    const excused = (change.forced && change.to < change.from) || (change.from < 0 && change.to === 0)
    return before !== undefined && before.at > 0 && change.at - before.at < 5000 && !excused && !climbs
  })
}

test.each([
  { capacityBps: 150_000 },
  { capacityBps: 500_000 },
  { capacityBps: 2_000_000 },
  { capacityBps: 8_000_000 },
  { capacityBps: 2_000_000, feedbackMs: 50 },
  { capacityBps: 2_000_000, feedbackMs: 250, propagationMs: 100 },
  { capacityBps: 1_000_000, queueMs: 1000 },
  { capacityBps: 2_000_000, feedbackLoss: 0.2 },
  { capacityBps: 2_000_000, feedbackJitterMs: 200 },
])('finds a steady capacity within 3 s and stays within 15 percent below, with a short queue: %o', options => {
  const { capacityBps } = options
  for (const run of runs(() => ({ ...options, capacity: Capacity.steady(capacityBps), lengthMs: 20_000 }), 12)) {
    expect(Math.max(...shares(run.between(0, 3000)))).toBeGreaterThan(0.8)
    const steady = shares(run.between(5000, 20_000))
    expect(quantile(steady, 0.05)).toBeGreaterThan(0.85)
    expect(quantile(steady, 0.5)).toBeLessThan(1.02)
    expect(quantile(steady, 0.95)).toBeLessThan(1.1)
    expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
    expect(run.longestPaced).toBeLessThan(250)
  }
})

test('2 Mbit/s, 300 kbit/s, 2 Mbit/s: down within 1.5 s, back within 10 s, also with a queue of a second', () => {
  const capacity = [
    { at: 0, bps: 2_000_000 },
    { at: 20_000, bps: 300_000 },
    { at: 40_000, bps: 2_000_000 },
  ]
  for (const demands of [undefined, pictures]) {
    for (const queueMs of [200, 1000]) {
      for (const run of runs(() => ({
        capacity: new Capacity(capacity),
        lengthMs: minute,
        queueMs,
        ...(demands && { demands }),
      }))) {
        expect(quantile(shares(run.between(21_500, 40_000)), 0.95)).toBeLessThan(1.1)
        expect(Math.max(...shares(run.between(40_000, 50_000)))).toBeGreaterThan(0.85)
        expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
        expect(run.audioDelays.length / run.audioMade).toBeGreaterThan(0.97)
        expect(hasRestlessLayers(run)).toBe(false)
      }
    }
  }
})

test('follows a sawtooth', () => {
  const all = runs(() => ({
    capacity: new Capacity(sawtooth(500_000, 2_000_000, 15_000, minute)),
    lengthMs: minute,
    demands: pictures,
  }))
  for (const run of all) {
    expect(quantile(shares(run.between(5000, minute)), 0.9)).toBeLessThan(1.15)
    expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
    expect(hasRestlessLayers(run)).toBe(false)
  }
  expect(mean(all.map(run => delivered(run, 5000)))).toBeGreaterThan(0.45)
})

test.each([
  ['random loss of 5 percent', (seed: number) => randomLoss(seededRandom(seed + 99), 0.05), 0.9],
  ['random loss of 30 percent', (seed: number) => randomLoss(seededRandom(seed + 99), 0.3), 0.6],
  ['bursts of loss', (seed: number) => burstyLoss(seededRandom(seed + 99), 0.03, 8), 0.85],
] as const)('%s is the link’s own and does not press the estimate', (_name, dropper, least) => {
  const all = runs(seed => ({ capacity: Capacity.steady(2_000_000), lengthMs: minute, dropper: dropper(seed) }))
  for (const run of all) expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
  expect(mean(all.map(run => delivered(run, 25_000)))).toBeGreaterThan(least)
})

test('a policer without a queue is found by its loss, and not tried again and again', () => {
  const policed = 1_000_000
  for (const demands of [undefined, pictures]) {
    const all = runs(() => ({
      capacity: Capacity.steady(10_000_000),
      lengthMs: minute,
      dropper: policer(policed, 12_500),
      ...(demands && { demands }),
    }))
    for (const run of all) {
      const estimates = run.between(15_000, minute).map(({ estimateBps }) => estimateBps / policed)
      expect(quantile(estimates, 0.5)).toBeGreaterThan(0.85)
      expect(quantile(estimates, 0.5)).toBeLessThan(1.15)
      expect(hasRestlessLayers(run)).toBe(false)
    }
  }
})

test.each([200, 1000])('a TCP connection beside us takes and leaves a share, with a queue of %i ms', queueMs => {
  for (const demands of [undefined, pictures]) {
    const all = runs(() => ({
      capacity: Capacity.steady(4_000_000),
      lengthMs: minute,
      tcpAt: [10_000],
      queueMs,
      ...(demands && { demands }),
    }))
    expect(mean(all.map(run => delivered(run, 20_000)))).toBeGreaterThan(0.12)
    expect(mean(all.map(run => delivered(run, 20_000, 'tcpBps')))).toBeGreaterThan(0.25)
    for (const run of all) expect(run.audioDelays.length / run.audioMade).toBeGreaterThan(0.9)
  }
})

test.each([
  ['a phone', (seed: number) => lteTrace(seededRandom(seed + 7), 2_000_000, minute), 500],
  ['Wi-Fi', (seed: number) => wifiTrace(seededRandom(seed + 7), 3_000_000, minute), 200],
] as const)(
  'on the way to %s queues stay short, audio comes through and layers keep still',
  (_name, trace, queueMs) => {
    const all = runs(seed => ({ capacity: new Capacity(trace(seed)), lengthMs: minute, queueMs, demands: pictures }))
    for (const run of all) {
      expect(quantile(run.queueDelays, 0.95)).toBeLessThan(200)
      expect(run.audioDelays.length / run.audioMade).toBeGreaterThan(0.97)
      expect(hasRestlessLayers(run)).toBe(false)
    }
    expect(mean(all.map(run => delivered(run, 10_000)))).toBeGreaterThan(0.3)
  },
)

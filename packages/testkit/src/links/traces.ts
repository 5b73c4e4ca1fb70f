import type { CapacityStep } from './capacity.ts'

/** A capacity that rises from one rate to the other and falls back at once, again and again. */
export function sawtooth(lowBps: number, highBps: number, periodMs: number, lengthMs: number): CapacityStep[] {
  const steps: CapacityStep[] = []
  const stepMs = 100
  for (let at = 0; at < lengthMs; at += stepMs) {
    steps.push({ at, bps: lowBps + ((highBps - lowBps) * (at % periodMs)) / periodMs })
  }
  return steps
}

/**
 * Like the downlink of a phone that moves: the capacity wanders by tens of percent within seconds (the logarithm is a random
 * walk that is drawn back to the mean), with a scheduler's grain of 20 ms, and handovers during which nothing passes.
 */
export function lteTrace(random: () => number, meanBps: number, lengthMs: number): CapacityStep[] {
  const steps: CapacityStep[] = []
  let level = 0
  let outageUntil = 0
  for (let at = 0; at < lengthMs; at += 20) {
    level = 0.99 * level + 0.08 * gaussian(random)
    if (random() < 20 / 20_000) outageUntil = at + 40 + 160 * random()
    const grain = Math.max(0.3, 1 + 0.25 * gaussian(random))
    steps.push({ at, bps: at < outageUntil ? 0 : meanBps * grain * Math.exp(level) })
  }
  return [...steps, { at: lengthMs, bps: meanBps }]
}

/** Like Wi-Fi that others use too: sends in bursts with pauses of some ms between them, and is slow for a second now and then. */
export function wifiTrace(random: () => number, meanBps: number, lengthMs: number): CapacityStep[] {
  const steps: CapacityStep[] = []
  let slowUntil = 0
  let at = 0
  while (at < lengthMs) {
    if (random() < 0.001) slowUntil = at + 500 + 1500 * random()
    const pauseMs = 1 + 7 * random() ** 2
    const burstMs = 1 + 3 * random()
    // What a burst makes up for the pause keeps the mean.
    const share = burstMs / (burstMs + pauseMs)
    steps.push({ at, bps: 0 }, { at: at + pauseMs, bps: ((at < slowUntil ? 0.4 : 1) * meanBps) / share })
    at += pauseMs + burstMs
  }
  return [...steps, { at: at, bps: meanBps }]
}

/** A normally distributed number with mean 0 and deviation 1 (Box-Muller). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

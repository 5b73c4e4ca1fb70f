import type { CallSummary } from './measure.ts'

type Measure = 'loss' | 'jitterMs' | 'roundTripMs' | 'videoBps'
type Quality = 'pass' | 'warn' | 'fail' | 'unknown'

interface Threshold {
  readonly warn: number
  readonly fail: number
  /** Whether more is worse; else less is. */
  readonly more: boolean
}

/** Where a call begins to be worse, and where it is bad. */
const thresholds: Readonly<Record<Measure, Threshold>> = {
  // Concealment of lost sound is heard from about 2 %; from 10 % on speech suffers.
  loss: { warn: 0.02, fail: 0.1, more: true },
  jitterMs: { warn: 30, fail: 100, more: true },
  // ITU-T G.114: up to 150 ms one way nobody notices, above 400 ms no talk is possible; twice that is the round trip.
  roundTripMs: { warn: 300, fail: 800, more: true },
  videoBps: { warn: 150_000, fail: 30_000, more: false },
}

export interface Judged {
  readonly quality: Quality
  /** What made it so. */
  readonly because: readonly Measure[]
}

const measures = Object.keys(thresholds) as readonly Measure[]
const order = ['fail', 'warn', 'pass'] as const

/** The worst measure decides; where nothing was measured, nothing is claimed. */
export function judgeQuality(summary: CallSummary): Judged {
  const judged = measures.flatMap(measure => {
    const value = summary[measure]
    return value === undefined ? [] : [{ measure, quality: qualityOf(value, thresholds[measure]) }]
  })
  const quality = order.find(each => judged.some(one => one.quality === each))
  if (quality === undefined) return { quality: 'unknown', because: [] }
  if (quality === 'pass') return { quality, because: [] }
  return { quality, because: judged.filter(one => one.quality === quality).map(({ measure }) => measure) }
}

function qualityOf(value: number, { warn, fail, more }: Threshold): (typeof order)[number] {
  const beyond = (limit: number) => (more ? value >= limit : value < limit)
  return beyond(fail) ? 'fail' : beyond(warn) ? 'warn' : 'pass'
}

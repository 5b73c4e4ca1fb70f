import type { CallSummary } from './measure.ts'

type Measure = 'loss' | 'jitterMs' | 'roundTripMs' | 'videoBps'
type Quality = 'pass' | 'warn' | 'fail' | 'unknown'

interface Threshold {
  readonly warn: number
  readonly fail: number
  /** True if higher values are worse; false if lower values are. */
  readonly more: boolean
}

/** Where call quality starts to suffer (`warn`), and where it is bad (`fail`). */
const thresholds: Readonly<Record<Measure, Threshold>> = {
  // Concealed audio loss becomes audible at about 2 %; from 10 % speech suffers.
  loss: { warn: 0.02, fail: 0.1, more: true },
  jitterMs: { warn: 30, fail: 100, more: true },
  // ITU-T G.114: one-way delay goes unnoticed up to 150 ms and is unacceptable above 400 ms; doubled for round trips.
  roundTripMs: { warn: 300, fail: 800, more: true },
  videoBps: { warn: 150_000, fail: 30_000, more: false },
}

export interface Judged {
  readonly quality: Quality
  /** The measures that led to this status. */
  readonly because: readonly Measure[]
}

const measures = Object.keys(thresholds) as readonly Measure[]
const order = ['fail', 'warn', 'pass'] as const

/** The worst measure decides. Measures without a value do not count. */
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

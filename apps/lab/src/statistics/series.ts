import type { CallSample, ConnectionSample, StatsEntry } from '@parley/diagnostics'
import { entryOf, selectedPair, textOf } from './counters.ts'
import { type Metric, metrics } from './metrics.ts'

/** One line of a chart; `values` has one entry per time, undefined if the value is not known. */
export interface Line {
  readonly id: string
  /** Distinguishes this line from the others, e.g. `video VP9 f 1280×720`. */
  readonly label: string
  readonly values: readonly (number | undefined)[]
}

export interface Chart {
  readonly metric: Metric
  readonly lines: readonly Line[]
}

export interface Series {
  /** ms since 1970, ascending. */
  readonly times: readonly number[]
  readonly charts: readonly Chart[]
}

/** Charts of one connection of a recording; charts without any known value are left out. */
export function seriesOf(samples: readonly CallSample[], connection: string): Series {
  const taken = samples.flatMap(({ at, connections }) => {
    const found = connections.find(({ id }) => id === connection)
    return found ? [{ at, sample: found }] : []
  })
  const charts = metrics.flatMap(metric => {
    const ids = [...new Set(taken.flatMap(({ sample }) => entriesOf(sample, metric).map(({ id }) => id)))]
    const lines = ids.flatMap(id => {
      const values = taken.map(({ sample }, i) => {
        const now = entryOf(sample, id)
        return now && metric.read(now, lastOf(taken, i, id))
      })
      if (values.every(value => value === undefined)) return []
      const newest = taken.findLast(({ sample }) => entryOf(sample, id))
      const entry = newest && entryOf(newest.sample, id)
      return newest && entry ? [{ id, label: labelOf(entry, newest.sample), values }] : []
    })
    return lines.length > 0 ? [{ metric, lines }] : []
  })
  return { times: taken.map(({ at }) => at), charts }
}

/** The entries a metric applies to; of the candidate pairs, only the one in use. */
function entriesOf(sample: ConnectionSample, { type }: Metric): readonly StatsEntry[] {
  if (type === 'candidate-pair') return [selectedPair(sample) ?? []].flat()
  return sample.stats.filter(entry => entry.type === type)
}

/** The entry as in the previous sample; undefined if that sample did not have it. */
function lastOf(
  taken: readonly { readonly sample: ConnectionSample }[],
  i: number,
  id: string,
): StatsEntry | undefined {
  const before = taken[i - 1]
  return before && entryOf(before.sample, id)
}

function labelOf(entry: StatsEntry, sample: ConnectionSample): string {
  if (entry.type === 'candidate-pair') return ends(entry, sample)
  const own = entry.type === 'remote-inbound-rtp' ? (entryOf(sample, textOf(entry, 'localId')) ?? entry) : entry
  const codec = textOf(entryOf(sample, textOf(own, 'codecId')), 'mimeType')?.replace(/^\w+\//, '')
  const mid = textOf(own, 'mid')
  return [textOf(own, 'kind') ?? entry.type, codec, textOf(own, 'rid'), mid === undefined ? undefined : `#${mid}`]
    .filter(part => part !== undefined)
    .join(' ')
}

function ends(pair: StatsEntry, sample: ConnectionSample): string {
  const type = (name: string) => textOf(entryOf(sample, textOf(pair, name)), 'candidateType') ?? '?'
  return `${type('localCandidateId')} → ${type('remoteCandidateId')}`
}

/** A chart line's summary for the table beside the chart. */
export interface Summary {
  readonly now: number | undefined
  readonly lowest: number | undefined
  readonly highest: number | undefined
  readonly mean: number | undefined
}

export function summaryOf({ values }: Line): Summary {
  const known = values.filter(value => value !== undefined)
  if (known.length === 0) return { now: undefined, lowest: undefined, highest: undefined, mean: undefined }
  return {
    now: values.at(-1),
    lowest: known.reduce((a, b) => Math.min(a, b)),
    highest: known.reduce((a, b) => Math.max(a, b)),
    mean: known.reduce((a, b) => a + b, 0) / known.length,
  }
}

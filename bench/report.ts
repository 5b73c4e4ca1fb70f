import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

/** One measured figure: ours, the peer's from the same run, and what we aim at. */
export interface Row {
  readonly figure: string
  readonly unit: string
  readonly ours: number
  /** The reference in the same run, if there is one. */
  readonly peer?: number
  /** The aim in words, e.g. `ratio ≥ 0.8` or `< 250 ms`. */
  readonly aim?: string
  readonly met?: boolean
}

/** Prints a table and writes bench/results/<name>.json. */
export function report(name: string, peer: string, rows: readonly Row[]): void {
  const table = rows.map(row => ({
    figure: row.figure,
    unit: row.unit,
    ours: show(row.ours),
    [peer]: row.peer === undefined ? '' : show(row.peer),
    ratio: row.peer ? show(row.ours / row.peer) : '',
    aim: row.aim ?? '',
    met: row.met === undefined ? '' : row.met ? 'yes' : 'NO',
  }))
  console.log(`\n${name}`)
  console.table(table)
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, at: new Date().toISOString() }
  const file = fileURLToPath(new URL(`results/${name}.json`, import.meta.url))
  writeFileSync(file, `${JSON.stringify({ name, peer, machine, rows }, null, 2)}\n`)
}

/** The value below which a share `q` (0..1) of the samples lies; the samples need no order. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
  if (value === undefined) throw new Error('no samples')
  return value
}

function show(value: number): string {
  return value === 0 || value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

import { resolve as resolvePath } from 'node:path'
import { environmentName, kebab, type Option, type OptionTable, type Values } from './table.ts'

/** Where a value came from. */
export type Source =
  | { readonly from: 'default' }
  | { readonly from: 'flag' }
  | { readonly from: 'environment' }
  | { readonly from: 'file'; readonly path: string }

/** Unparsed values of one source; paths in it are relative to `folder`. */
export interface Layer {
  readonly source: Source
  readonly values: ReadonlyMap<string, unknown>
  readonly folder: string
}

export interface Resolved<T extends OptionTable> {
  readonly values: Values<T>
  readonly sources: { readonly [K in keyof T]: Source }
  /** What is wrong, as sentences: option, value, where it came from and what is allowed. */
  readonly problems: readonly string[]
}

/** Takes each option from the first layer that has it, parses it, and collects every problem instead of throwing. */
export function resolve<T extends OptionTable>(table: T, layers: readonly Layer[], folder: string): Resolved<T> {
  const values: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  const problems: string[] = []
  for (const [name, row] of Object.entries(table)) {
    const layer = layers.find(candidate => candidate.values.has(name))
    sources[name] = layer?.source ?? { from: 'default' }
    const raw = layer ? layer.values.get(name) : row.default
    const parsed = layer ? row.schema.safeParse(raw) : { success: true as const, data: raw }
    if (parsed.success) values[name] = absolute(row, parsed.data, layer?.folder ?? folder)
    else problems.push(describeWrong(name, raw, sources[name], row))
  }
  return { values: values as Values<T>, sources: sources as Resolved<T>['sources'], problems }
}

function absolute(row: Option<unknown>, parsed: unknown, folder: string): unknown {
  return row.path && typeof parsed === 'string' ? resolvePath(folder, parsed) : parsed
}

function describeWrong(name: string, raw: unknown, source: Source, row: Option<unknown>): string {
  const written = typeof raw === 'string' ? raw : Array.isArray(raw) ? raw.join(',') : JSON.stringify(raw)
  const shown = written.length > 100 ? `${written.slice(0, 100)}…` : written
  if (row.secret) return `${describeOption(name, source)} does not fit; allowed: ${row.allowed}`
  return `${describeOption(name, source)} is “${shown}”; allowed: ${row.allowed}`
}

function describeOption(name: string, source: Source): string {
  if (source.from === 'environment') return `--${kebab(name)} (from ${environmentName(name)})`
  if (source.from === 'file') return `--${kebab(name)} (from ${source.path})`
  return `--${kebab(name)}`
}

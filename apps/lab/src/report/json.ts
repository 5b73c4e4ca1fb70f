import { isMissing, isRecord, type Value } from '@parley/diagnostics'
import { type Finding, findingStatuses, type Json, type Report, reportFormat, reportVersion } from './report.ts'

/** What is wrong with an imported file; each has a sentence in `labShell`, `import.<code>`. */
export type ImportProblem =
  | { readonly code: 'not-json' }
  | { readonly code: 'not-a-report' }
  | { readonly code: 'newer-version'; readonly version: number }
  | { readonly code: 'wrong-page'; readonly page: string }
  /** `place` as a path: `findings.3.status`. */
  | { readonly code: 'broken'; readonly place: string }

export type Imported<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ImportProblem }

export function reportToJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

/** Reads what {@link reportToJson} wrote, here or elsewhere; rejects anything else, naming the place of the error. */
export function reportFromJson(text: string): Imported<Report> {
  const raw = parse(text)
  if (raw === undefined) return { ok: false, problem: { code: 'not-json' } }
  if (!isRecord(raw) || raw.format !== reportFormat) return { ok: false, problem: { code: 'not-a-report' } }
  if (typeof raw.version === 'number' && raw.version > reportVersion)
    return { ok: false, problem: { code: 'newer-version', version: raw.version } }
  const place = wrongIn(raw, '', 0)
  if (place !== undefined) return { ok: false, problem: { code: 'broken', place } }
  return { ok: true, value: raw as unknown as Report }
}

/** Undefined if the text is not JSON; the JSON text `null` gives null. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const maxDepth = 4

/** The path of the first invalid value in a report. */
function wrongIn(raw: unknown, at: string, depth: number): string | undefined {
  if (!isRecord(raw) || depth > maxDepth) return at || 'report'
  if (raw.version !== reportVersion) return `${at}version`
  for (const name of ['page', 'browser']) if (typeof raw[name] !== 'string') return `${at}${name}`
  if (typeof raw.madeAt !== 'string' || Number.isNaN(Date.parse(raw.madeAt))) return `${at}madeAt`
  if (!isRecord(raw.settings)) return `${at}settings`
  for (const [name, value] of Object.entries(raw.settings)) if (!isSetting(value)) return `${at}settings.${name}`
  if (!Array.isArray(raw.findings)) return `${at}findings`
  const bad = raw.findings.findIndex(finding => !isFinding(finding))
  if (bad >= 0) return `${at}findings.${bad}`
  if (raw.parts === undefined) return undefined
  if (!Array.isArray(raw.parts)) return `${at}parts`
  for (const [i, part] of raw.parts.entries()) {
    const place = wrongIn(part, `${at}parts.${i}.`, depth + 1)
    if (place !== undefined) return place
  }
  return undefined
}

function isSetting(value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every(each => typeof each === 'string'))
  )
}

function isFinding(raw: unknown): raw is Finding {
  if (!isRecord(raw) || typeof raw.id !== 'string') return false
  if (!findingStatuses.some(status => status === raw.status)) return false
  if (raw.evidence !== undefined && !isRecord(raw.evidence)) return false
  if (raw.params === undefined) return true
  return isRecord(raw.params) && Object.values(raw.params).every(value => typeof value === 'string' || isValue(value))
}

function isValue(raw: unknown): raw is Value {
  if (!isRecord(raw)) return false
  const value = raw as unknown as Value
  return isMissing(value)
    ? typeof value.missing === 'string'
    : Number.isFinite(value.value) && typeof value.unit === 'string'
}

/** Any plain value as JSON, without what JSON cannot represent (functions, undefined, NaN, Infinity). */
export function toJsonValue(value: unknown): Json | undefined {
  const text = JSON.stringify(value, (_key, each) =>
    typeof each === 'number' && !Number.isFinite(each) ? undefined : each,
  )
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}

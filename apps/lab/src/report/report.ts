import type { Value } from '@parley/diagnostics'

/** What can be written as JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** `unknown`: cannot be told from here, which is an answer; `cancelled`: the person stopped it. */
export type FindingStatus = 'pass' | 'warn' | 'fail' | 'unknown' | 'cancelled'

export const findingStatuses: readonly FindingStatus[] = ['pass', 'warn', 'fail', 'unknown', 'cancelled']

/**
 * One thing that was found out. Its sentence is the text `finding.<id>.<status>` in the page's namespace, with `params`
 * filled in; what to do about it, where there is anything, is `remedy.<id>.<status>`.
 */
export interface Finding {
  /** kebab-case, unique in its page, e.g. `media-flows`. */
  readonly id: string
  readonly status: FindingStatus
  /** For the holes in the sentence: text, or a value that is written with its unit in the reader's language. */
  readonly params?: Readonly<Record<string, string | Value>>
  /** What it was concluded from: shown below the sentence and exported. */
  readonly evidence?: { readonly [key: string]: Json }
}

/** The settings of a page: what its permalink carries. */
export type Settings = Readonly<Record<string, string | number | boolean | readonly string[]>>

export const reportFormat = 'parley-lab-report'
export const reportVersion = 1

/** What a page found, with everything needed to read it on another machine. */
export interface Report {
  readonly format: typeof reportFormat
  readonly version: typeof reportVersion
  /** A page of the Lab by its id; `checks` for all of them together. */
  readonly page: string
  /** When it was made: ISO 8601, UTC. */
  readonly madeAt: string
  /** `navigator.userAgent` of the browser it was made in. */
  readonly browser: string
  readonly settings: Settings
  readonly findings: readonly Finding[]
  /** Whatever else the page shows and can show again after an import. */
  readonly data?: Json
  /** The pages' own reports, where this one joins several. */
  readonly parts?: readonly Report[]
}

export type ReportInput = Pick<Report, 'page' | 'settings' | 'findings' | 'data' | 'parts'>

/** A report of now, made in this browser. */
export function makeReport(input: ReportInput, at: Date, browser: string): Report {
  return { format: reportFormat, version: reportVersion, madeAt: at.toISOString(), browser, ...input }
}

const severity: readonly FindingStatus[] = ['fail', 'cancelled', 'warn', 'unknown', 'pass']

/** The worst of several: what a page says as a whole. `unknown` where there is nothing. */
export function worst(statuses: readonly FindingStatus[]): FindingStatus {
  return severity.find(status => statuses.includes(status)) ?? 'unknown'
}

/** All findings, those of the parts included, each with the page it belongs to. */
export function allFindings(report: Report): readonly { readonly page: string; readonly finding: Finding }[] {
  const own = report.findings.map(finding => ({ page: report.page, finding }))
  return [...own, ...(report.parts ?? []).flatMap(allFindings)]
}

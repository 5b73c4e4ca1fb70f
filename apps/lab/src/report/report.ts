import type { Value } from '@parley/diagnostics'

/** Any value that JSON can represent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** `unknown`: cannot be determined from here, which is a valid result; `cancelled`: the person stopped the test. */
export type FindingStatus = 'pass' | 'warn' | 'fail' | 'unknown' | 'cancelled'

export const findingStatuses: readonly FindingStatus[] = ['pass', 'warn', 'fail', 'unknown', 'cancelled']

/**
 * One result of a test. Its sentence is the text `finding.<id>.<status>` in the page's namespace, with `params` filled
 * in; what to do about it, if anything, is the text `remedy.<id>.<status>`.
 */
export interface Finding {
  /** kebab-case, unique in its page, e.g. `media-flows`. */
  readonly id: string
  readonly status: FindingStatus
  /** Placeholders of the sentence: text, or a value that is formatted with its unit in the reader's language. */
  readonly params?: Readonly<Record<string, string | Value>>
  /** The data it is based on: shown below the sentence and exported. */
  readonly evidence?: { readonly [key: string]: Json }
}

/** The settings of a page, as carried by its permalink. */
export type Settings = Readonly<Record<string, string | number | boolean | readonly string[]>>

export const reportFormat = 'parley-lab-report'
export const reportVersion = 1

/** What a page found, with everything needed to read it on another machine. */
export interface Report {
  readonly format: typeof reportFormat
  readonly version: typeof reportVersion
  /** The id of a Lab page; `checks` for all of them together. */
  readonly page: string
  /** ISO 8601, UTC. */
  readonly madeAt: string
  /** `navigator.userAgent` of the browser it was made in. */
  readonly browser: string
  readonly settings: Settings
  readonly findings: readonly Finding[]
  /** Anything else the page needs to show the same result again after an import. */
  readonly data?: Json
  /** The reports of the individual pages, if this one combines several. */
  readonly parts?: readonly Report[]
}

export type ReportInput = Pick<Report, 'page' | 'settings' | 'findings' | 'data' | 'parts'>

/** Makes a report stamped with the given time and browser. */
export function makeReport(input: ReportInput, at: Date, browser: string): Report {
  return { format: reportFormat, version: reportVersion, madeAt: at.toISOString(), browser, ...input }
}

const severity: readonly FindingStatus[] = ['fail', 'cancelled', 'warn', 'unknown', 'pass']

/** The worst of several statuses, which stands for the whole page. `unknown` if there are none. */
export function worst(statuses: readonly FindingStatus[]): FindingStatus {
  return severity.find(status => statuses.includes(status)) ?? 'unknown'
}

/** All findings, including those of the parts, each with the page it belongs to. */
export function allFindings(report: Report): readonly { readonly page: string; readonly finding: Finding }[] {
  const own = report.findings.map(finding => ({ page: report.page, finding }))
  return [...own, ...(report.parts ?? []).flatMap(allFindings)]
}

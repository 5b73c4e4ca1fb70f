import { type Finding, worst } from '../report/report.ts'

/**
 * Puts an overall sentence before the findings if none of them reports a problem; otherwise the worst one speaks for
 * itself. The texts are `finding.overall.pass` and `finding.overall.unknown`.
 */
export function withOverall(findings: readonly Finding[]): readonly Finding[] {
  const status = worst(findings.map(finding => finding.status))
  return status === 'pass' || status === 'unknown' ? [{ id: 'overall', status }, ...findings] : findings
}

/** Text for a time under 1 ms. Browsers measure in whole milliseconds at best, so 0 means less than 1 ms. */
export function underOneMs(ms: number | undefined): string | undefined {
  return ms !== undefined && ms >= 0 && ms < 1 ? '< 1 ms' : undefined
}

import { type Finding, worst } from '../report/report.ts'

/**
 * Puts a sentence about the whole before findings among which nothing is wrong; where something is, the worst speaks for
 * itself. Its texts are `finding.overall.pass` and `finding.overall.unknown`.
 */
export function withOverall(findings: readonly Finding[]): readonly Finding[] {
  const status = worst(findings.map(finding => finding.status))
  return status === 'pass' || status === 'unknown' ? [{ id: 'overall', status }, ...findings] : findings
}

/** A time for a sentence. Browsers measure in whole milliseconds at best, so that 0 means less than one. */
export function underOneMs(ms: number | undefined): string | undefined {
  return ms !== undefined && ms >= 0 && ms < 1 ? '< 1 ms' : undefined
}

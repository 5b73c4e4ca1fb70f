import { allFindings, type Finding, type Report, worst } from '../report/report.ts'
import type { Outcome } from '../report/run.ts'
import type { CheckId } from './check-list.ts'

/** How one check ended. */
export interface Ended {
  readonly check: CheckId
  readonly outcome: Outcome<Report> | { readonly status: 'skipped' }
}

/** What all checks together mean, in one sentence, and which of them could not be made. */
export function summaryFindings(ended: readonly Ended[]): readonly Finding[] {
  const reports = ended.flatMap(({ outcome }) => (outcome.status === 'done' ? [outcome.value] : []))
  const missing = ended.filter(({ outcome }) => outcome.status !== 'done')
  const statuses = reports.flatMap(allFindings).map(({ finding }) => finding.status)
  const overall: Finding =
    statuses.length === 0
      ? { id: 'nothing', status: 'unknown' }
      : { id: 'overall', status: worst(missing.length === 0 ? statuses : [...statuses, 'unknown']) }
  if (missing.length === 0) return [overall]
  return [
    overall,
    {
      id: 'not-made',
      status: 'unknown',
      params: { checks: missing.map(({ check }) => check).join(', ') },
      evidence: Object.fromEntries(missing.map(({ check, outcome }) => [check, describeOutcome(outcome)])),
    },
  ]
}

/** Why there is no result, for the evidence. */
function describeOutcome(outcome: Ended['outcome']): string {
  if (outcome.status === 'failed') return outcome.error
  if (outcome.status === 'timed-out') return `no end after ${outcome.afterMs / 1000} s`
  return outcome.status === 'skipped' ? 'the server cannot be reached' : outcome.status
}

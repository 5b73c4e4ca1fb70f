import type { ServerTrouble } from '@parley/protocol'
import { allFindings, type Finding, type FindingStatus, type Report, worst } from '../report/report.ts'
import type { Outcome } from '../report/run.ts'
import { troubleFindings } from '../server/troubles.ts'
import type { CheckId } from './check-list.ts'

/** How one check ended. */
export interface Ended {
  readonly check: CheckId
  readonly outcome: Outcome<Report> | { readonly status: 'skipped' }
}

/**
 * Findings that are the reason for others, the first first: where one has failed, it speaks for the whole, as
 * `finding.<cause>.fail` of this page, before what merely follows from it.
 */
const causes: readonly (readonly [cause: string, finding: RegExp])[] = [
  ['server-away', /^signalling$/],
  ['only-https', /^turn-tls-trust$/],
  ['password-ended', /^turn-\w+-ended$/],
  ['password', /^turn-\w+-password$/],
]

/** What all checks together mean, in one sentence; what the server says of itself; and which checks could not be made. */
export function summaryFindings(
  ended: readonly Ended[],
  troubles: readonly ServerTrouble[] = [],
  missingWebRtc: readonly string[] = [],
): readonly Finding[] {
  if (missingWebRtc.includes('RTCPeerConnection')) return [{ id: 'no-webrtc', status: 'fail' }]
  if (missingWebRtc.length > 0)
    return [{ id: 'old-webrtc', status: 'fail', params: { parts: missingWebRtc.join(', ') } }]
  const reports = ended.flatMap(({ outcome }) => (outcome.status === 'done' ? [outcome.value] : []))
  const missing = ended.filter(({ outcome }) => outcome.status !== 'done')
  const findings = reports.flatMap(allFindings).map(({ finding }) => finding)
  const told = troubleFindings(troubles)
  const statuses = [...reports.flatMap(weighed(reports)), ...told.map(({ status }) => status)]
  const failed = findings.filter(({ status }) => status === 'fail')
  const [cause] = causes.find(([, pattern]) => failed.some(({ id }) => pattern.test(id))) ?? []
  const overall: Finding =
    statuses.length === 0
      ? { id: 'nothing', status: 'unknown' }
      : { id: cause ?? 'overall', status: worst(missing.length === 0 ? statuses : [...statuses, 'unknown']) }
  if (missing.length === 0) return [overall, ...told]
  return [
    overall,
    ...told,
    {
      id: 'not-made',
      status: 'unknown',
      params: { checks: missing.map(({ check }) => check).join(', ') },
      evidence: Object.fromEntries(missing.map(({ check, outcome }) => [check, describeOutcome(outcome)])),
    },
  ]
}

/** A way that is closed is no more than a pity where calls find another: how they go is the call test's to say. */
function weighed(reports: readonly Report[]): (report: Report) => FindingStatus[] {
  const calls = reports.find(({ page }) => page === 'call-test')?.findings ?? []
  const work =
    calls.some(({ id }) => /^call-(direct|relayed|sfu)$/.test(id)) && calls.every(({ status }) => status !== 'fail')
  return report => {
    const ways = report.page === 'trickle' || report.page === 'nat'
    return allFindings(report).map(({ finding: { status } }) => (work && ways && status === 'fail' ? 'warn' : status))
  }
}

/** Why there is no result, for the evidence. */
function describeOutcome(outcome: Ended['outcome']): string {
  if (outcome.status === 'failed') return outcome.error
  if (outcome.status === 'timed-out') return `no end after ${outcome.afterMs / 1000} s`
  return outcome.status === 'skipped' ? 'the server cannot be reached' : outcome.status
}

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
 * Findings that cause others, most fundamental first. If one of them has failed, the overall sentence names that cause
 * (`finding.<cause>.fail` of this page) instead of its consequences.
 */
const causes: readonly (readonly [cause: string, finding: RegExp])[] = [
  ['server-away', /^signalling$/],
  ['only-https', /^turn-tls-trust$/],
  ['password-ended', /^turn-\w+-ended$/],
  ['password', /^turn-\w+-password$/],
]

/** One sentence for all checks together, the problems the server reports about itself, and the checks not completed. */
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

/** If calls work, failures of the trickle and NAT checks count as warnings: the call test has the last word. */
function weighed(reports: readonly Report[]): (report: Report) => FindingStatus[] {
  const calls = reports.find(({ page }) => page === 'call-test')?.findings ?? []
  const work =
    calls.some(({ id }) => /^call-(direct|relayed|sfu)$/.test(id)) && calls.every(({ status }) => status !== 'fail')
  return report => {
    const ways = report.page === 'trickle' || report.page === 'nat'
    return allFindings(report).map(({ finding: { status } }) => (work && ways && status === 'fail' ? 'warn' : status))
  }
}

/** Why a check has no result, for the evidence. */
function describeOutcome(outcome: Ended['outcome']): string {
  if (outcome.status === 'failed') return outcome.error
  if (outcome.status === 'timed-out') return `no end after ${outcome.afterMs / 1000} s`
  return outcome.status === 'skipped' ? 'the server cannot be reached' : outcome.status
}

import { toJsonValue } from '../report/json.ts'
import type { Finding, ReportInput, Settings } from '../report/report.ts'
import type { Comparison } from './compare.ts'
import type { Refusal } from './use-track.ts'

/** The outcome of one request: actual beside requested values, or why it was refused. */
export type Result =
  | { readonly is: 'got'; readonly device: string; readonly rows: readonly Comparison[] }
  | { readonly is: 'refused'; readonly refusal: Refusal; readonly rows: readonly Comparison[] }

/** Errors that have their own text. */
const knownRefusals = ['NotAllowedError', 'NotFoundError', 'NotReadableError'] as const

export function constraintFindings(result: Result): readonly Finding[] {
  if (result.is === 'refused') return [refusalFinding(result.refusal)]
  const asked = result.rows.filter(({ asked }) => asked !== undefined)
  const evidence = Object.fromEntries(
    result.rows.map(({ name, asked, got, fulfilment }) => [name, toJsonValue({ asked, got, fulfilment }) ?? '']),
  )
  const missed = asked.filter(({ fulfilment }) => fulfilment !== 'met' && fulfilment !== 'close')
  const params = { device: result.device }
  if (asked.length === 0) return [{ id: 'opened', status: 'pass', params, evidence }]
  if (missed.length === 0) return [{ id: 'met', status: 'pass', params, evidence }]
  const certain = missed.some(({ fulfilment }) => fulfilment === 'not-met' || fulfilment === 'not-supported')
  const fields = missed.map(({ name }) => name).join(', ')
  return [{ id: 'differs', status: certain ? 'warn' : 'unknown', params: { ...params, fields }, evidence }]
}

function refusalFinding({ name, constraint, error }: Refusal): Finding {
  const evidence = { error }
  if (name === 'OverconstrainedError')
    return { id: 'overconstrained', status: 'fail', params: { constraint: constraint ?? '?' }, evidence }
  const known = knownRefusals.find(each => each === name)
  return { id: known ?? 'refused', status: 'fail', params: { error }, evidence }
}

export function constraintReport(settings: Settings, result: Result): ReportInput {
  return { page: 'constraints', settings, findings: constraintFindings(result) }
}

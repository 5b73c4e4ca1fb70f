import { isRecord, toJsonValue } from '../report/json.ts'
import type { Finding, Json, ReportInput, Settings } from '../report/report.ts'
import type { NatFindings, Observed, Told } from './judge.ts'

export interface NatResult {
  readonly findings: NatFindings
  readonly observed: Observed
}

/** The sentence about calls first, then each behaviour. What cannot be told is `unknown`, and says why on the page. */
export function natFindings({ findings, observed }: NatResult): readonly Finding[] {
  const { udp, calls, mapping, filtering, classic } = findings
  if (!udp) {
    return [
      {
        id: 'udp',
        status: 'fail',
        params: { servers: observed.servers.join(', ') || '?' },
        evidence: evidenceOf(observed),
      },
    ]
  }
  return [
    { ...callFinding(calls), evidence: evidenceOf(observed) },
    told('mapping', mapping),
    told('filtering', filtering),
    told('classic', classic),
  ]
}

function callFinding(calls: NatFindings['calls']): Finding {
  if (calls.value === undefined) return { id: 'calls', status: 'unknown' }
  return { id: 'calls', status: calls.value === 'relay needed' ? 'warn' : 'pass' }
}

function told(id: string, finding: Told<string>): Finding {
  if (finding.value === undefined) return { id, status: 'unknown', evidence: { why: finding.why } }
  return { id, status: 'pass', params: { value: finding.value }, evidence: { sure: finding.sure } }
}

function evidenceOf({ sightings, unasked, local }: Observed): { [name: string]: Json } {
  return {
    local: local ?? 'hidden by the browser',
    ...Object.fromEntries(sightings.map(({ host, port, mapped }) => [`seen by ${host}:${port}`, mapped])),
    unasked: toJsonValue(unasked) ?? '',
  }
}

export function natReport(settings: Settings, result: NatResult): ReportInput {
  const data = toJsonValue(result)
  return { page: 'nat', settings, findings: natFindings(result), ...(data !== undefined && { data }) }
}

/** What {@link natReport} kept; undefined where it is not that. */
export function readNat(data: Json | undefined): NatResult | undefined {
  if (!isRecord(data) || !isRecord(data.findings) || !isRecord(data.observed)) return undefined
  const { findings } = data
  const whole = (['mapping', 'filtering', 'classic', 'calls'] as const).every(name => {
    const told = findings[name]
    return (
      isRecord(told) && (typeof told.why === 'string' || (typeof told.value === 'string' && isEvidence(told.evidence)))
    )
  })
  return whole && typeof findings.udp === 'boolean' ? (data as unknown as NatResult) : undefined
}

function isEvidence(value: unknown): boolean {
  return Array.isArray(value) && value.every(each => isRecord(each) && typeof each.code === 'string')
}

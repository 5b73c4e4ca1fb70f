import { isRecord } from '@parley/diagnostics'
import type { NatFindings, Finding as Told } from '@parley/nat'
import { toJsonValue } from '../report/json.ts'
import type { Finding, Json, ReportInput, Settings } from '../report/report.ts'
import type { Observed } from './judge.ts'

export interface NatResult {
  readonly findings: NatFindings
  readonly observed: Observed
}

/** One finding, about calls, with the NAT behaviours as its evidence. If it cannot be determined, it says why. */
export function natFindings({ findings, observed }: NatResult): readonly Finding[] {
  const { udp, calls } = findings
  const evidence = evidenceOf(findings, observed)
  if (udp === undefined) return [{ id: 'udp', status: 'unknown', evidence }]
  if (!udp) {
    return [{ id: 'udp', status: 'fail', params: { servers: observed.servers.join(', ') || '?' }, evidence }]
  }
  if (calls.value === undefined) return [{ id: 'calls', status: 'unknown', evidence }]
  if (calls.evidence.some(({ code }) => code === 'same-network') && calls.value !== 'relay needed') {
    return [{ id: 'calls-inside', status: 'pass', evidence }]
  }
  return [{ id: 'calls', status: calls.value === 'relay needed' ? 'warn' : 'pass', evidence }]
}

function evidenceOf(findings: NatFindings, { sightings, unasked, local }: Observed): { [name: string]: Json } {
  const told = (finding: Told<string>) =>
    finding.value === undefined ? `can’t tell (${finding.why})` : `${finding.value}, ${finding.sure}`
  return {
    mapping: told(findings.mapping),
    filtering: told(findings.filtering),
    classic: told(findings.classic),
    calls: told(findings.calls),
    local: local ?? 'hidden by the browser',
    ...Object.fromEntries(sightings.map(({ host, port, mapped }) => [`seen by ${host}:${port}`, mapped])),
    unasked: toJsonValue(unasked) ?? '',
  }
}

export function natReport(settings: Settings, result: NatResult): ReportInput {
  const data = toJsonValue(result)
  return { page: 'nat', settings, findings: natFindings(result), ...(data !== undefined && { data }) }
}

/** Reads back the data of {@link natReport}; undefined for anything else. */
export function readNat(data: Json | undefined): NatResult | undefined {
  if (!isRecord(data) || !isRecord(data.findings) || !isRecord(data.observed)) return undefined
  const { findings } = data
  const whole = (['mapping', 'filtering', 'classic', 'calls'] as const).every(name => {
    const told = findings[name]
    return (
      isRecord(told) && (typeof told.why === 'string' || (typeof told.value === 'string' && isEvidence(told.evidence)))
    )
  })
  return whole && (findings.udp === undefined || typeof findings.udp === 'boolean')
    ? (data as unknown as NatResult)
    : undefined
}

function isEvidence(value: unknown): boolean {
  return Array.isArray(value) && value.every(each => isRecord(each) && typeof each.code === 'string')
}

import { underOneMs, withOverall } from '../checks/overall.ts'
import { isRecord, toJsonValue } from '../report/json.ts'
import type { Finding, FindingStatus, Json, ReportInput, Settings } from '../report/report.ts'
import { measured, measuredAbove0 } from '../report/value.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import { judgeQuality } from './quality.ts'
import type { CallResult, CallTestResult } from './result.ts'

const slowSignallingMs = 500

export function callTestFindings({ signalling, turn, calls }: CallTestResult): readonly Finding[] {
  if (signalling.is === 'unreachable') {
    return [{ id: 'signalling', status: 'fail', params: { error: signalling.error } }]
  }
  const { roundTripMs } = signalling
  return withOverall([
    ...callFindings(calls),
    {
      id: 'signalling',
      status: roundTripMs > slowSignallingMs ? 'warn' : 'pass',
      params: { time: underOneMs(roundTripMs) ?? measured(roundTripMs, 'ms') },
    },
    ...turnFindings(turn),
  ])
}

const ways = ['udp', 'tcp', 'tls'] as const

/** One finding for each way to the relay. A way that is blocked is a failure only where no other is open. */
function turnFindings(turn: CallTestResult['turn']): readonly Finding[] {
  if (turn.length === 0) return [{ id: 'turn-offered', status: 'warn' }]
  const wayOf = (url: string) => {
    const parsed = parseServerUrl(url)
    return 'problem' in parsed ? undefined : parsed.scheme === 'turns' ? 'tls' : parsed.transport
  }
  const open = turn.some(({ verdict }) => verdict.is === 'ok')
  return ways.flatMap((way): readonly Finding[] => {
    const those = turn.filter(({ url }) => wayOf(url) === way)
    if (those.length === 0) return [{ id: `turn-${way}`, status: 'unknown' }]
    const good = those.find(({ verdict }) => verdict.is === 'ok')
    const evidence = Object.fromEntries(those.map(({ url, verdict }) => [url, toJsonValue(verdict) ?? '']))
    if (good?.verdict.is === 'ok') {
      return [{ id: `turn-${way}`, status: 'pass', params: { time: measured(good.verdict.atMs, 'ms') }, evidence }]
    }
    if (those.some(({ verdict }) => verdict.is === 'wrong-credentials')) {
      return [{ id: `turn-${way}-password`, status: 'fail', evidence }]
    }
    return [{ id: `turn-${way}`, status: open ? 'warn' : 'fail', evidence }]
  })
}

/** A way that does not work is a failure only where no other does. */
function callFindings(calls: readonly CallResult[]): readonly Finding[] {
  const works = calls.some(({ is }) => is === 'measured')
  return calls.map(call => callFinding(call, works))
}

function callFinding(call: CallResult, works: boolean): Finding {
  const id = `call-${call.kind}`
  if (call.is === 'not-offered') {
    return { id: `${id}-not-offered`, status: 'unknown', params: { reason: call.reason } }
  }
  if (call.is === 'failed') {
    return { id: `${id}-failed`, status: works ? 'warn' : 'fail', params: { reason: call.reason } }
  }
  const { summary, setUpMs } = call
  const { quality, because } = judgeQuality(summary)
  const status: FindingStatus = quality
  return {
    id,
    status,
    params: {
      video: measuredAbove0(summary.videoBps, 'bit/s', 'no-traffic'),
      loss: measured(summary.loss, 'share'),
      jitter: underOneMs(summary.jitterMs) ?? measured(summary.jitterMs, 'ms'),
      roundTrip: underOneMs(summary.roundTripMs) ?? measured(summary.roundTripMs, 'ms'),
      setUp: measured(setUpMs, 'ms'),
    },
    evidence: {
      ...(because.length > 0 && { because }),
      route: summary.route ?? 'not told',
      protocol: summary.protocol ?? 'not told',
    },
  }
}

export function callTestReport(settings: Settings, result: CallTestResult): ReportInput {
  const data = toJsonValue(result)
  return { page: 'call-test', settings, findings: callTestFindings(result), ...(data !== undefined && { data }) }
}

/** What {@link callTestReport} kept; undefined where it is not that. */
export function readCallTest(data: Json | undefined): CallTestResult | undefined {
  if (!isRecord(data) || !isRecord(data.signalling) || !Array.isArray(data.turn) || !Array.isArray(data.calls)) {
    return undefined
  }
  const whole =
    data.calls.every(
      call => isRecord(call) && typeof call.kind === 'string' && typeof call.is === 'string' && isWhole(call),
    ) && data.turn.every(each => isRecord(each) && typeof each.url === 'string' && isRecord(each.verdict))
  return whole ? (data as unknown as CallTestResult) : undefined
}

function isWhole(call: Record<string, unknown>): boolean {
  return call.is === 'measured'
    ? isRecord(call.summary) && typeof call.setUpMs === 'number'
    : typeof call.reason === 'string'
}

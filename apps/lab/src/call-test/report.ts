import { isRecord, measured, measuredAbove0 } from '@parley/diagnostics'
import { underOneMs, withOverall } from '../checks/overall.ts'
import { toJsonValue } from '../report/json.ts'
import type { Finding, FindingStatus, Json, ReportInput, Settings } from '../report/report.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import { judgeQuality } from './quality.ts'
import type { CallResult, CallTestResult } from './result.ts'

const slowSignallingMs = 500

/** TURN passwords and certificates last for hours, so a clock that is off by less than this does no harm. */
const clockLimitMs = 5 * 60_000

export function callTestFindings({
  signalling,
  server,
  turn,
  publicAddress,
  calls,
}: CallTestResult): readonly Finding[] {
  if (signalling.is === 'unreachable') {
    return [{ id: 'signalling', status: 'fail', params: { error: signalling.error } }, ...serverFindings(server)]
  }
  const { roundTripMs } = signalling
  const relayed = turn.some(({ verdict }) => verdict.is === 'ok')
  return withOverall([
    ...callFindings(calls, turn.length > 0 && !relayed),
    ...serverFindings(server),
    ...addressFindings(publicAddress),
    {
      id: 'signalling',
      status: roundTripMs > slowSignallingMs ? 'warn' : 'pass',
      params: { time: underOneMs(roundTripMs) ?? measured(roundTripMs, 'ms') },
    },
    ...turnFindings(turn),
  ])
}

function serverFindings(server: CallTestResult['server']): readonly Finding[] {
  if (!server) return []
  const { webSocket, clockOffMs } = server
  const sockets: readonly Finding[] = webSocket === 'open' ? [] : [{ id: `websocket-${webSocket}`, status: 'warn' }]
  if (clockOffMs === undefined || Math.abs(clockOffMs) < clockLimitMs) return sockets
  const off = measured(Math.abs(clockOffMs) / 60_000, 'min')
  return [...sockets, { id: clockOffMs > 0 ? 'clock-behind' : 'clock-ahead', status: 'warn', params: { off } }]
}

function addressFindings(publicAddress: CallTestResult['publicAddress']): readonly Finding[] {
  if (publicAddress?.is !== 'silent') return []
  return [{ id: 'public-address', status: 'warn', params: { address: publicAddress.address } }]
}

const ways = ['udp', 'tcp', 'tls'] as const

/** One finding per transport to the relay. A blocked transport is a failure only if no other one is open. */
function turnFindings(turn: CallTestResult['turn']): readonly Finding[] {
  if (turn.length === 0) return [{ id: 'turn-offered', status: 'warn' }]
  const wayOf = (url: string) => {
    const parsed = parseServerUrl(url)
    return 'problem' in parsed ? undefined : parsed.scheme === 'turns' ? 'tls' : parsed.transport
  }
  const open = turn.some(({ verdict }) => verdict.is === 'ok')
  // The untrusted certificate is then the actual problem, so other blocked transports only count as warnings.
  const trust = turn.some(({ verdict }) => verdict.is === 'untrusted')
  const found = ways.flatMap((way): readonly Finding[] => {
    const those = turn.filter(({ url }) => wayOf(url) === way)
    if (those.length === 0) return [{ id: `turn-${way}`, status: 'unknown' }]
    const good = those.find(({ verdict }) => verdict.is === 'ok')
    const evidence = Object.fromEntries(those.map(({ url, verdict }) => [url, toJsonValue(verdict) ?? '']))
    if (good?.verdict.is === 'ok') {
      return [{ id: `turn-${way}`, status: 'pass', params: { time: measured(good.verdict.atMs, 'ms') }, evidence }]
    }
    const [refused] = those.flatMap(({ verdict }) => (verdict.is === 'wrong-credentials' ? [verdict] : []))
    if (refused?.endedForMs !== undefined) {
      return [
        {
          id: `turn-${way}-ended`,
          status: 'fail',
          params: { ago: measured(refused.endedForMs / 60_000, 'min') },
          evidence,
        },
      ]
    }
    if (refused) return [{ id: `turn-${way}-password`, status: 'fail', evidence }]
    if (those.some(({ verdict }) => verdict.is === 'untrusted')) {
      return [{ id: 'turn-tls-trust', status: open ? 'warn' : 'fail', evidence }]
    }
    return [{ id: `turn-${way}`, status: open || trust ? 'warn' : 'fail', evidence }]
  })
  return [...found.filter(({ id }) => id === 'turn-tls-trust'), ...found.filter(({ id }) => id !== 'turn-tls-trust')]
}

/** A kind of call that does not work is a failure only if no other kind works. */
function callFindings(calls: readonly CallResult[], noRelay: boolean): readonly Finding[] {
  const works = calls.some(({ is }) => is === 'measured')
  return calls.map(call => callFinding(call, works, noRelay))
}

function callFinding(call: CallResult, works: boolean, noRelay: boolean): Finding {
  const id = `call-${call.kind}`
  if (call.is === 'not-offered') {
    return { id: `${id}-not-offered`, status: 'unknown', params: { reason: call.reason } }
  }
  // The relay's findings already give the reason and the remedy.
  if (call.is === 'no-way' || (call.is === 'failed' && call.kind === 'sfu' && noRelay)) {
    return { id: `${id}-no-way`, status: works ? 'warn' : 'fail', params: { reason: call.reason } }
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

/** Reads back the data of {@link callTestReport}; undefined for anything else. */
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

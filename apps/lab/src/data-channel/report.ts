import { isRecord, measured, measuredAbove0 } from '@parley/diagnostics'
import { toJsonValue } from '../report/json.ts'
import type { Finding, Json, ReportInput, Settings } from '../report/report.ts'
import type { Mode } from './options.ts'
import { type ChannelResult, lossOf } from './result.ts'

/** Below this rate chat still works, but files and whiteboards feel sluggish. */
const slowBitsPerSecond = 1_000_000
const lateMs = 300

export function channelFindings({ latency, forth, back, setUpMs }: ChannelResult, mode: Mode): readonly Finding[] {
  const both = [forth.bitsPerSecond, back.bitsPerSecond]
  const silent = both.some(rate => rate === undefined)
  const slow = both.some(rate => rate !== undefined && rate < slowBitsPerSecond)
  const reliable = mode === 'reliable' || mode === 'unordered'
  const missing = [forth, back].some(each => (lossOf(each) ?? 0) > 0)
  return [
    {
      id: 'throughput',
      status: silent ? 'fail' : slow ? 'warn' : 'pass',
      params: {
        forth: measuredAbove0(forth.bitsPerSecond, 'bit/s', 'no-traffic'),
        back: measuredAbove0(back.bitsPerSecond, 'bit/s', 'no-traffic'),
      },
      evidence: { setUpMs: Math.round(setUpMs) },
    },
    {
      id: 'latency',
      status: latency.medianMs === undefined ? 'fail' : latency.medianMs > lateMs ? 'warn' : 'pass',
      params: { median: measured(latency.medianMs, 'ms'), p95: measured(latency.p95Ms, 'ms') },
      evidence: { sent: latency.sent, lost: latency.lost },
    },
    {
      id: reliable ? 'complete' : 'partial',
      // An unreliable channel may lose messages by design.
      status: reliable && missing ? 'fail' : 'pass',
      params: {
        forth: measured(lossOf(forth), 'share', 'no-traffic'),
        back: measured(lossOf(back), 'share', 'no-traffic'),
      },
    },
  ]
}

export function channelReport(settings: Settings, result: ChannelResult, mode: Mode): ReportInput {
  const data = toJsonValue(result)
  return {
    page: 'data-channel',
    settings,
    findings: channelFindings(result, mode),
    ...(data !== undefined && { data }),
  }
}

/** Reads back the data of {@link channelReport}; undefined for anything else. */
export function readChannel(data: Json | undefined): ChannelResult | undefined {
  if (!isRecord(data) || typeof data.setUpMs !== 'number' || !isRecord(data.latency)) return undefined
  const whole = [data.forth, data.back].every(
    each => isRecord(each) && typeof each.messagesSent === 'number' && Array.isArray(each.buffered),
  )
  return whole ? (data as unknown as ChannelResult) : undefined
}

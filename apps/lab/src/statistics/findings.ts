import type { CallSample, ConnectionSample, StatsEntry } from '@parley/diagnostics'
import { measured } from '@parley/diagnostics'
import type { Finding, FindingStatus } from '../report/report.ts'
import { growth, lossShare, numberOf, routeOf, selectedPair, textOf } from './counters.ts'

/** How far back a verdict looks, in one-second samples. */
const lookBack = 10

const grade = (value: number, warn: number, fail: number): FindingStatus =>
  value >= fail ? 'fail' : value >= warn ? 'warn' : 'pass'

/** How a connection is doing at the end of a recording: loss, round trip, freezes, what limits video quality. */
export function statisticsFindings(samples: readonly CallSample[], connection: string): readonly Finding[] {
  const taken = samples.flatMap(({ connections }) => connections.find(({ id }) => id === connection) ?? [])
  const now = taken.at(-1)
  const recent = taken.slice(-1 - lookBack, -1)
  if (!now || recent.length === 0) return []
  return [
    ...flow(recent, now),
    ...loss(recent, now),
    ...roundTrip(now),
    ...freezes(recent, now),
    ...limits(now),
    ...route(now),
  ]
}

const of = (sample: ConnectionSample, type: string) => sample.stats.filter(entry => entry.type === type)
/** Each current entry, paired with the same entry as first seen in the recent samples. */
const pairs = (
  recent: readonly ConnectionSample[],
  now: ConnectionSample,
  type: string,
): readonly (readonly [StatsEntry, StatsEntry | undefined])[] =>
  of(now, type).map(entry => {
    const first = recent.find(({ stats }) => stats.some(({ id }) => id === entry.id))
    return [entry, first?.stats.find(({ id }) => id === entry.id)]
  })

function flow(recent: readonly ConnectionSample[], now: ConnectionSample): readonly Finding[] {
  const moved = (type: string, name: string) =>
    pairs(recent, now, type).some(([entry, last]) => (growth(entry, last, name) ?? 0) > 0)
  const out = moved('outbound-rtp', 'packetsSent')
  const back = moved('inbound-rtp', 'packetsReceived')
  if (now.connectionState === 'failed' || now.connectionState === 'disconnected')
    return [{ id: 'flow', status: 'fail', params: { state: now.connectionState } }]
  if (!out && !back) return [{ id: 'flow', status: 'unknown' }]
  return [{ id: 'flow', status: 'pass', params: { state: now.connectionState } }]
}

function loss(recent: readonly ConnectionSample[], now: ConnectionSample): readonly Finding[] {
  const received = pairs(recent, now, 'inbound-rtp').flatMap(([entry, last]) => lossShare(entry, last) ?? [])
  const sent = of(now, 'remote-inbound-rtp').flatMap(entry => numberOf(entry, 'fractionLost') ?? [])
  const one = (id: string, shares: readonly number[]): readonly Finding[] => {
    if (shares.length === 0) return []
    const share = Math.max(...shares)
    return [{ id, status: grade(share, 0.02, 0.08), params: { loss: measured(share, 'share') }, evidence: { shares } }]
  }
  return [...one('loss-in', received), ...one('loss-out', sent)]
}

function roundTrip(now: ConnectionSample): readonly Finding[] {
  const seconds = numberOf(selectedPair(now), 'currentRoundTripTime')
  if (seconds === undefined) return []
  return [
    {
      id: 'round-trip',
      status: grade(seconds, 0.2, 0.6),
      params: { time: seconds < 0.001 ? '< 1 ms' : measured(seconds * 1000, 'ms') },
    },
  ]
}

function freezes(recent: readonly ConnectionSample[], now: ConnectionSample): readonly Finding[] {
  const pictures = pairs(recent, now, 'inbound-rtp').filter(([entry]) => textOf(entry, 'kind') === 'video')
  if (pictures.length === 0) return []
  const count = pictures.reduce((total, [entry, last]) => total + (growth(entry, last, 'freezeCount') ?? 0), 0)
  return [{ id: 'freezes', status: count > 0 ? 'warn' : 'pass', params: { count: measured(count, 'count') } }]
}

function limits(now: ConnectionSample): readonly Finding[] {
  const reasons = of(now, 'outbound-rtp').map(entry => textOf(entry, 'qualityLimitationReason'))
  return (['bandwidth', 'cpu'] as const).flatMap(reason =>
    reasons.includes(reason) ? [{ id: `limited-${reason}`, status: 'warn' as const }] : [],
  )
}

function route(now: ConnectionSample): readonly Finding[] {
  const found = routeOf(now)
  return found ? [{ id: `route-${found}`, status: 'pass' }] : []
}

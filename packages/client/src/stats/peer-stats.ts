import type { TrackSource } from '@parley/protocol'
import { growth, numberOf, rate, type StatsEntry, textOf } from './counters.ts'
import type { PeerStats, TrackStats } from './types.ts'

/** The track that each media section (`mid`) carries. */
export type Sections = ReadonlyMap<string, { readonly id: string; readonly source: TrackSource }>

export interface StatsContext {
  readonly participant: string
  readonly outgoing: Sections
  readonly incoming: Sections
}

export type Report = ReadonlyMap<string, StatsEntry>

/** A connection's statistics as a plain map, so that they can be kept and compared. */
export async function readReport(connection: { getStats(): Promise<RTCStatsReport> }): Promise<Report> {
  return new Map((await connection.getStats()) as unknown as Report)
}

/**
 * Translates a statistics report into the terms of a room. Rates and shares are since `before`; they are undefined without it,
 * or if a counter was reset. Pure.
 */
export function readPeerStats(report: Report, before: Report | undefined, context: StatsContext): PeerStats {
  const pair = selectedPair(report)
  const local = entry(report, textOf(pair, 'localCandidateId'))
  const remote = entry(report, textOf(pair, 'remoteCandidateId'))
  const relayed = [local, remote].some(candidate => textOf(candidate, 'candidateType') === 'relay')
  return {
    participant: context.participant,
    route: pair && (relayed ? 'relayed' : 'direct'),
    protocol: textOf(local, 'relayProtocol') ?? textOf(local, 'protocol'),
    localCandidate: candidateText(local),
    remoteCandidate: candidateText(remote),
    roundTripMs: inMs(numberOf(pair, 'currentRoundTripTime')),
    availableOutBps: numberOf(pair, 'availableOutgoingBitrate'),
    tracks: joinLayers([...report.values()].flatMap(stats => trackStats(stats, report, before, context) ?? [])),
  }
}

function trackStats(
  stats: StatsEntry,
  report: Report,
  before: Report | undefined,
  { outgoing, incoming }: StatsContext,
): TrackStats | undefined {
  const direction = stats.type === 'inbound-rtp' ? 'in' : stats.type === 'outbound-rtp' ? 'out' : undefined
  const section = direction && (direction === 'in' ? incoming : outgoing).get(textOf(stats, 'mid') ?? '')
  if (!section) return undefined
  const last = before?.get(stats.id)
  const remote = [...report.values()].find(
    other => other.type === 'remote-inbound-rtp' && textOf(other, 'localId') === stats.id,
  )
  const heard = direction === 'in' ? stats : entry(report, textOf(stats, 'mediaSourceId'))
  const bytesPerSecond = rate(stats, last, direction === 'in' ? 'bytesReceived' : 'bytesSent')
  return {
    ...section,
    direction,
    codec: textOf(entry(report, textOf(stats, 'codecId')), 'mimeType')?.replace(/^\w+\//, ''),
    bitrateBps: bytesPerSecond === undefined ? undefined : bytesPerSecond * 8,
    loss: direction === 'in' ? lossIn(stats, last) : lossOut(stats, last, remote),
    jitterMs: inMs(numberOf(direction === 'in' ? stats : remote, 'jitter')),
    width: numberOf(stats, 'frameWidth'),
    height: numberOf(stats, 'frameHeight'),
    framesPerSecond: numberOf(stats, 'framesPerSecond'),
    framesDecoded: numberOf(stats, 'framesDecoded'),
    freezeCount: numberOf(stats, 'freezeCount'),
    totalAudioEnergy: numberOf(heard, 'totalAudioEnergy'),
    codecBusy: rate(stats, last, direction === 'in' ? 'totalDecodeTime' : 'totalEncodeTime'),
    ...(direction === 'in'
      ? { undecoded: undecoded(stats, last) }
      : {
          limitedBy: limits.find(limit => limit === stats.qualityLimitationReason),
          capturedHeight: numberOf(heard, 'height'),
          unencoded:
            heard && missing(growth(heard, before?.get(heard.id), 'frames'), growth(stats, last, 'framesEncoded')),
        }),
  }
}

/** One track for all layers of simulcast: the largest that is sent, with the bits of all of them. */
function joinLayers(tracks: readonly TrackStats[]): readonly TrackStats[] {
  const joined = new Map<string, TrackStats>()
  for (const track of tracks) {
    const key = `${track.direction} ${track.id}`
    const other = joined.get(key)
    joined.set(key, other && track.direction === 'out' ? joinTwo(other, track) : track)
  }
  return [...joined.values()]
}

function joinTwo(one: TrackStats, other: TrackStats): TrackStats {
  const [large, small] = sentHeight(one) >= sentHeight(other) ? [one, other] : [other, one]
  return {
    ...large,
    bitrateBps: both(large.bitrateBps, small.bitrateBps, (a, b) => a + b),
    // Chromium encodes the layers of a frame together, and counts the time for each.
    codecBusy: both(large.codecBusy, small.codecBusy, Math.max),
    limitedBy:
      [large, small].find(({ limitedBy }) => limitedBy === 'cpu' || limitedBy === 'bandwidth')?.limitedBy ??
      large.limitedBy,
  }
}

/** Of a layer that rests, browsers keep the last size. */
function sentHeight({ bitrateBps, height = 0 }: TrackStats): number {
  return bitrateBps === 0 ? -1 : height
}

function both(
  one: number | undefined,
  other: number | undefined,
  join: (one: number, other: number) => number,
): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : join(one, other)
}

/** Of fewer packets, a share says nothing: a silent voice sends two or three a second (DTX). */
const fewPackets = 10

/** The share of packets that should have come since `last` and did not. A late packet makes `packetsLost` fall. */
function lossIn(stats: StatsEntry, last: StatsEntry | undefined): number | undefined {
  const received = growth(stats, last, 'packetsReceived')
  if (received === undefined) return undefined
  const lost = growth(stats, last, 'packetsLost') ?? 0
  return received + lost < fewPackets ? undefined : lost / (received + lost)
}

function lossOut(stats: StatsEntry, last: StatsEntry | undefined, remote: StatsEntry | undefined): number | undefined {
  return (growth(stats, last, 'packetsSent') ?? fewPackets) < fewPackets ? undefined : numberOf(remote, 'fractionLost')
}

const limits = ['none', 'cpu', 'bandwidth', 'other'] as const

/** The share of the frames received since `last` that is not decoded: dropped, or still waiting. */
function undecoded(stats: StatsEntry, last: StatsEntry | undefined): number | undefined {
  const [received, decoded, dropped] = ['framesReceived', 'framesDecoded', 'framesDropped'].map(name =>
    growth(stats, last, name),
  )
  if (received === undefined || decoded !== undefined) return missing(received, decoded)
  return missing(received, dropped === undefined ? undefined : received - dropped)
}

/** The share of `all` that is not `done`. Clamped, since some of `done` may be from before. */
function missing(all: number | undefined, done: number | undefined): number | undefined {
  return all === undefined || all === 0 || done === undefined ? undefined : Math.min(1, Math.max(0, 1 - done / all))
}

function selectedPair(report: Report): StatsEntry | undefined {
  const entries = [...report.values()]
  const transport = entries.find(({ type }) => type === 'transport')
  // Firefox has no transport entries, but marks the selected pair.
  return (
    entry(report, textOf(transport, 'selectedCandidatePairId')) ??
    entries.find(({ type, selected }) => type === 'candidate-pair' && selected === true)
  )
}

function candidateText(candidate: StatsEntry | undefined): string | undefined {
  if (!candidate) return undefined
  const address = textOf(candidate, 'address') || '(hidden)'
  const host = address.includes(':') ? `[${address}]` : address
  return `${textOf(candidate, 'candidateType')} ${host}:${numberOf(candidate, 'port') ?? '?'}`
}

function entry(report: Report, id: string | undefined): StatsEntry | undefined {
  return id === undefined ? undefined : report.get(id)
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}

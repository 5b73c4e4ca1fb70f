import type { StatsEntry, Unit } from '@parley/diagnostics'
import { finite, lossShare, numberOf, perUnit, rate } from './counters.ts'

type MetricGroup = 'sending' | 'receiving' | 'path'

/** One chart per metric, with one line per entry of its type. The title is `chart.<id>` in `labStatistics`. */
export interface Metric {
  readonly id: string
  readonly group: MetricGroup
  readonly type: string
  readonly unit: Unit
  /** Undefined if the entry lacks the value, and for counters at the first sample and after a reset. */
  readonly read: (now: StatsEntry, before: StatsEntry | undefined) => number | undefined
}

const times = (value: number | undefined, factor: number) => (value === undefined ? undefined : finite(value * factor))
const bits = (name: string) => (now: StatsEntry, before: StatsEntry | undefined) => times(rate(now, before, name), 8)
const plain =
  (name: string, factor = 1) =>
  (now: StatsEntry) =>
    times(numberOf(now, name), factor)
const sum = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? undefined : finite((a ?? 0) + (b ?? 0))

/** RTP first; the `path` group is shown on demand. Names as in W3C webrtc-stats. */
export const metrics: readonly Metric[] = [
  { id: 'bitrateOut', group: 'sending', type: 'outbound-rtp', unit: 'bit/s', read: bits('bytesSent') },
  { id: 'lossOut', group: 'sending', type: 'remote-inbound-rtp', unit: 'share', read: plain('fractionLost') },
  { id: 'roundTrip', group: 'sending', type: 'remote-inbound-rtp', unit: 'ms', read: plain('roundTripTime', 1000) },
  { id: 'framesOut', group: 'sending', type: 'outbound-rtp', unit: 'fps', read: plain('framesPerSecond') },
  { id: 'heightOut', group: 'sending', type: 'outbound-rtp', unit: 'px', read: plain('frameHeight') },
  {
    id: 'encodeTime',
    group: 'sending',
    type: 'outbound-rtp',
    unit: 'ms',
    read: (now, before) => times(perUnit(now, before, 'totalEncodeTime', 'framesEncoded'), 1000),
  },
  { id: 'resent', group: 'sending', type: 'outbound-rtp', unit: 'bit/s', read: bits('retransmittedBytesSent') },
  {
    id: 'askedAgain',
    group: 'sending',
    type: 'outbound-rtp',
    unit: 'count',
    read: (now, before) =>
      sum(rate(now, before, 'nackCount'), sum(rate(now, before, 'pliCount'), rate(now, before, 'firCount'))),
  },
  { id: 'bitrateIn', group: 'receiving', type: 'inbound-rtp', unit: 'bit/s', read: bits('bytesReceived') },
  { id: 'lossIn', group: 'receiving', type: 'inbound-rtp', unit: 'share', read: lossShare },
  { id: 'jitterIn', group: 'receiving', type: 'inbound-rtp', unit: 'ms', read: plain('jitter', 1000) },
  {
    id: 'bufferIn',
    group: 'receiving',
    type: 'inbound-rtp',
    unit: 'ms',
    read: (now, before) => times(perUnit(now, before, 'jitterBufferDelay', 'jitterBufferEmittedCount'), 1000),
  },
  { id: 'framesIn', group: 'receiving', type: 'inbound-rtp', unit: 'fps', read: plain('framesPerSecond') },
  { id: 'heightIn', group: 'receiving', type: 'inbound-rtp', unit: 'px', read: plain('frameHeight') },
  { id: 'freezesIn', group: 'receiving', type: 'inbound-rtp', unit: 'count', read: plain('freezeCount') },
  {
    id: 'decodeTime',
    group: 'receiving',
    type: 'inbound-rtp',
    unit: 'ms',
    read: (now, before) => times(perUnit(now, before, 'totalDecodeTime', 'framesDecoded'), 1000),
  },
  { id: 'pathRoundTrip', group: 'path', type: 'candidate-pair', unit: 'ms', read: plain('currentRoundTripTime', 1000) },
  { id: 'available', group: 'path', type: 'candidate-pair', unit: 'bit/s', read: plain('availableOutgoingBitrate') },
  { id: 'pathOut', group: 'path', type: 'candidate-pair', unit: 'bit/s', read: bits('bytesSent') },
  { id: 'pathIn', group: 'path', type: 'candidate-pair', unit: 'bit/s', read: bits('bytesReceived') },
]

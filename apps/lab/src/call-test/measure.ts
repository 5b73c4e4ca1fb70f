import type { PeerStats, TrackStats } from '@parley/client'

/** One sample of a running call, taken at the receiving end. */
export interface CallSample {
  readonly route: 'direct' | 'relayed' | undefined
  /** `udp`, `tcp` or `tls`: the transport to the other side, or to the relay. */
  readonly protocol: string | undefined
  readonly roundTripMs: number | undefined
  readonly videoBps: number | undefined
  readonly audioBps: number | undefined
  /** Share of packets lost since the previous sample, 0..1: video or audio, whichever is worse. */
  readonly loss: number | undefined
  readonly jitterMs: number | undefined
  readonly framesPerSecond: number | undefined
}

const worse = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** Reduces the SDK's statistics to what they say about incoming media. */
export function sampleOf(peers: readonly PeerStats[]): CallSample {
  const path = peers.find(({ route }) => route !== undefined) ?? peers[0]
  const incoming = peers.flatMap(({ tracks }) => tracks).filter(({ direction }) => direction === 'in')
  const of = (source: TrackStats['source']) => incoming.find(track => track.source === source)
  const camera = of('camera')
  const microphone = of('microphone')
  return {
    route: path?.route,
    protocol: path?.protocol,
    roundTripMs: path?.roundTripMs,
    videoBps: camera?.bitrateBps,
    audioBps: microphone?.bitrateBps,
    loss: worse([camera?.loss, microphone?.loss]),
    jitterMs: worse([camera?.jitterMs, microphone?.jitterMs]),
    framesPerSecond: camera?.framesPerSecond,
  }
}

/** The call as a whole. A value that was never measured is undefined, never 0. */
export interface CallSummary {
  readonly route: CallSample['route']
  readonly protocol: string | undefined
  readonly roundTripMs: number | undefined
  readonly videoBps: number | undefined
  readonly audioBps: number | undefined
  readonly loss: number | undefined
  readonly jitterMs: number | undefined
  readonly framesPerSecond: number | undefined
}

/** Typical values: medians, so that one bad moment does not dominate; loss is averaged because it comes in bursts. */
export function summarize(samples: readonly CallSample[]): CallSummary {
  const last = samples.at(-1)
  const known = (pick: (sample: CallSample) => number | undefined) =>
    samples.map(pick).filter(value => value !== undefined && Number.isFinite(value)) as number[]
  return {
    route: last?.route,
    protocol: last?.protocol,
    roundTripMs: median(known(({ roundTripMs }) => roundTripMs)),
    videoBps: median(known(({ videoBps }) => videoBps)),
    audioBps: median(known(({ audioBps }) => audioBps)),
    loss: mean(known(({ loss }) => loss)),
    jitterMs: median(known(({ jitterMs }) => jitterMs)),
    framesPerSecond: median(known(({ framesPerSecond }) => framesPerSecond)),
  }
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)]
  const lower = sorted[Math.ceil(middle) - 1]
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}

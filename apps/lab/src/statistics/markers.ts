import type { CallSample, ConnectionSample } from '@parley/diagnostics'
import { entryOf, routeOf, selectedPair, textOf } from './counters.ts'

/** Something that changed between two samples: `marker.<kind>` in `labStatistics`, with `params`. */
export interface Marker {
  /** ms since 1970. */
  readonly at: number
  readonly kind: 'renegotiation' | 'ice-restart' | 'state' | 'path' | 'layer' | 'limited' | 'codec'
  readonly params: Readonly<Record<string, string>>
}

/** The events of one connection, in order. Derived from the samples alone, so that imports work too. */
export function markersOf(samples: readonly CallSample[], connection: string): readonly Marker[] {
  const markers: Marker[] = []
  let before: ConnectionSample | undefined
  for (const { at, connections } of samples) {
    const now = connections.find(({ id }) => id === connection)
    if (!now) continue
    if (before) for (const found of changes(before, now)) markers.push({ at, ...found })
    before = now
  }
  return markers
}

type Change = Omit<Marker, 'at'>

function changes(before: ConnectionSample, now: ConnectionSample): readonly Change[] {
  return [...negotiation(before, now), ...state(before, now), ...path(before, now), ...layers(before, now)]
}

const ufrag = (sdp: string | undefined) => /^a=ice-ufrag:(.*)$/m.exec(sdp ?? '')?.[1]?.trim()

/** Strips candidates and addresses: they are added to a description as they are found, which is no renegotiation. */
const essence = (sdp: string | undefined) =>
  sdp?.replace(/^(a=(candidate|end-of-candidates|rtcp:)|c=|o=).*\r?\n/gm, '').replace(/^(m=\w+ )\d+/gm, '$1')

function negotiation(before: ConnectionSample, now: ConnectionSample): readonly Change[] {
  const sides = ['localDescription', 'remoteDescription'] as const
  if (sides.every(side => essence(before[side]) === essence(now[side]) || before[side] === undefined)) return []
  const restarted = sides.some(side => before[side] !== undefined && ufrag(before[side]) !== ufrag(now[side]))
  return [{ kind: restarted ? 'ice-restart' : 'renegotiation', params: {} }]
}

function state(before: ConnectionSample, now: ConnectionSample): readonly Change[] {
  return (['iceConnectionState', 'connectionState'] as const)
    .filter(name => before[name] !== now[name])
    .map(name => ({ kind: 'state', params: { name, state: now[name] } }))
}

function path(before: ConnectionSample, now: ConnectionSample): readonly Change[] {
  const was = selectedPair(before)
  const is = selectedPair(now)
  if (!was || !is || was.id === is.id) return []
  const local = entryOf(now, textOf(is, 'localCandidateId'))
  return [
    {
      kind: 'path',
      params: {
        route: routeOf(now) ?? '',
        type: textOf(local, 'candidateType') ?? '',
        protocol: (textOf(local, 'relayProtocol') ?? textOf(local, 'protocol') ?? '').toUpperCase(),
      },
    },
  ]
}

function layers(before: ConnectionSample, now: ConnectionSample): readonly Change[] {
  return now.stats.flatMap((entry): readonly Change[] => {
    if (entry.type !== 'inbound-rtp' && entry.type !== 'outbound-rtp') return []
    const last = entryOf(before, entry.id)
    if (!last) return []
    const stream = [entry.type === 'inbound-rtp' ? '↓' : '↑', textOf(entry, 'kind') ?? '', textOf(entry, 'rid') ?? '']
      .join(' ')
      .trim()
    const size = (from: typeof entry) => (from.frameWidth ? `${from.frameWidth} × ${from.frameHeight}` : undefined)
    const codec = (from: typeof entry, sample: ConnectionSample) =>
      textOf(entryOf(sample, textOf(from, 'codecId')), 'mimeType')
    const found: Change[] = []
    const was = size(last)
    const is = size(entry)
    if (was !== is && is && was) found.push({ kind: 'layer', params: { stream, was, size: is } })
    const limit = textOf(entry, 'qualityLimitationReason')
    if (limit !== undefined && limit !== textOf(last, 'qualityLimitationReason'))
      found.push({ kind: 'limited', params: { stream, reason: limit } })
    const name = codec(entry, now)
    if (name && codec(last, before) && name !== codec(last, before))
      found.push({ kind: 'codec', params: { stream, codec: name } })
    return found
  })
}

import { type CallSample, type ConnectionSample, isRecord, type StatsEntry } from '@parley/diagnostics'
import { parse } from '../report/json.ts'
import { inSeconds } from './samples.ts'

/** A value in a dump with the time of its measurement. */
interface Point {
  readonly at: number
  readonly id: string
  readonly type: string
  readonly name: string
  readonly value: unknown
}

/** A change of a connection's state according to the browser's log, which is in chronological order. */
interface Update {
  readonly at: number
  readonly change: Partial<
    Pick<
      ConnectionSample,
      'connectionState' | 'iceConnectionState' | 'signalingState' | 'localDescription' | 'remoteDescription'
    >
  >
}

/** Whether this is a dump saved by chrome://webrtc-internals. */
export function isInternalsDump(raw: unknown): raw is { readonly PeerConnections: Record<string, unknown> } {
  return isRecord(raw) && isRecord(raw.PeerConnections)
}

/**
 * The samples in a dump of chrome://webrtc-internals, one for each second in which anything was measured. A connection
 * without statistics (it failed early, or was never used) gets one for each second with an entry in its log.
 */
export function samplesOfDump(raw: { readonly PeerConnections: Record<string, unknown> }): readonly CallSample[] {
  const rows = Object.entries(raw.PeerConnections).flatMap(([id, connection]) => {
    if (!isRecord(connection)) return []
    const updates = updatesOf(connection.updateLog)
    const measured = groupBySecond(pointsOf(connection.stats))
    const logged = new Map(momentsOf(connection.updateLog).map(at => [Math.round(at / 1000), []]))
    return [...(measured.size > 0 ? measured : logged)].map(([second, points]) => {
      const at = second * 1000
      return { at, connection: connectionAt(id, at, points, updates) }
    })
  })
  return inSeconds(rows)
}

function pointsOf(stats: unknown): readonly Point[] {
  if (!isRecord(stats)) return []
  return Object.entries(stats).flatMap(([key, series]) => {
    const dash = key.lastIndexOf('-')
    const name = key.slice(dash + 1)
    // Names in brackets are values that webrtc-internals computed itself.
    if (dash < 1 || key.endsWith(']') || !isRecord(series)) return []
    const values = typeof series.values === 'string' ? parse(series.values) : series.values
    if (!Array.isArray(values) || typeof series.statsType !== 'string') return []
    const start = moment(series.startTime)
    const end = moment(series.endTime)
    if (start === undefined || end === undefined) return []
    const step = values.length > 1 ? (end - start) / (values.length - 1) : 0
    const type = series.statsType
    const id = key.slice(0, dash)
    return values.map((value, i) => ({ at: start + i * step, id, type, name, value }))
  })
}

function groupBySecond(points: readonly Point[]): ReadonlyMap<number, readonly Point[]> {
  const groups = new Map<number, Point[]>()
  for (const point of points) {
    const second = Math.round(point.at / 1000)
    const group = groups.get(second)
    if (group) group.push(point)
    else groups.set(second, [point])
  }
  return groups
}

function connectionAt(id: string, at: number, points: readonly Point[], updates: readonly Update[]): ConnectionSample {
  const entries = new Map<string, Record<string, unknown>>()
  for (const point of points) {
    const entry = entries.get(point.id) ?? { id: point.id, type: point.type, timestamp: point.at }
    entry[point.name] = point.value
    entries.set(point.id, entry)
  }
  const state = { connectionState: 'new', iceConnectionState: 'new', signalingState: 'stable' }
  const known = Object.assign({}, ...updates.filter(update => update.at <= at + 500).map(({ change }) => change))
  return {
    id,
    label: id,
    localDescription: undefined,
    remoteDescription: undefined,
    ...state,
    ...known,
    stats: [...entries.values()] as unknown as readonly StatsEntry[],
  }
}

const states: Readonly<Record<string, keyof Update['change']>> = {
  onconnectionstatechange: 'connectionState',
  connectionstatechange: 'connectionState',
  oniceconnectionstatechange: 'iceConnectionState',
  iceconnectionstatechange: 'iceConnectionState',
  onsignalingstatechange: 'signalingState',
  signalingstatechange: 'signalingState',
  setLocalDescription: 'localDescription',
  setRemoteDescription: 'remoteDescription',
}

function updatesOf(log: unknown): readonly Update[] {
  if (!Array.isArray(log)) return []
  return log.flatMap(entry => {
    if (!isRecord(entry) || typeof entry.type !== 'string' || typeof entry.value !== 'string') return []
    const name = states[entry.type]
    const at = moment(entry.timestamp ?? entry.time)
    if (name === undefined || at === undefined) return []
    const value = name.endsWith('Description') ? describedIn(entry.value) : entry.value.replaceAll('"', '')
    return value === undefined ? [] : [{ at, change: { [name]: value } }]
  })
}

/** The times at which anything at all was logged. */
function momentsOf(log: unknown): readonly number[] {
  if (!Array.isArray(log)) return []
  return log.flatMap(entry => (isRecord(entry) ? (moment(entry.timestamp ?? entry.time) ?? []) : []))
}

/** Newer browsers write JSON, older ones `type: offer, sdp: v=0…`. */
function describedIn(value: string): string | undefined {
  const described = parse(value)
  if (isRecord(described)) return typeof described.sdp === 'string' ? described.sdp : undefined
  return /sdp: ([\s\S]*)$/.exec(value)?.[1]
}

function moment(value: unknown): number | undefined {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(at) ? at : undefined
}

import { isRecord } from '../report/json.ts'

/** One entry of a statistics report (W3C webrtc-stats), read with care: browsers leave things out. */
export type StatsEntry = { readonly id: string; readonly type: string; readonly timestamp: number } & {
  readonly [name: string]: unknown
}

/** A peer connection as it was at one moment. */
export interface ConnectionSample {
  /** Stable while the connection lives. */
  readonly id: string
  /** Whom it leads to, or what it is. */
  readonly label: string
  readonly connectionState: string
  readonly iceConnectionState: string
  readonly signalingState: string
  readonly localDescription: string | undefined
  readonly remoteDescription: string | undefined
  readonly stats: readonly StatsEntry[]
}

/** All peer connections of a call at one moment. */
export interface CallSample {
  /** ms since 1970. */
  readonly at: number
  readonly connections: readonly ConnectionSample[]
}

/** What was measured of several connections, as one sample for each second; of a connection the last in it counts. */
export function inSeconds(
  rows: readonly { readonly at: number; readonly connection: ConnectionSample }[],
): readonly CallSample[] {
  const seconds = new Map<number, Map<string, ConnectionSample>>()
  for (const { at, connection } of rows) {
    const second = Math.round(at / 1000)
    const row = seconds.get(second) ?? new Map<string, ConnectionSample>()
    row.set(connection.id, connection)
    seconds.set(second, row)
  }
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(([second, connections]) => ({ at: second * 1000, connections: [...connections.values()] }))
}

/** Every connection that there ever was in a recording, as it was last seen: those that live to the end first. */
export function connectionsOf(samples: readonly CallSample[]): readonly ConnectionSample[] {
  const seen = new Map<string, ConnectionSample>()
  for (const { connections } of [...samples].reverse())
    for (const connection of connections) if (!seen.has(connection.id)) seen.set(connection.id, connection)
  return [...seen.values()]
}

/** Whether something that came from elsewhere is a sample; entries that are not statistics are not looked at further. */
export function isCallSample(raw: unknown): raw is CallSample {
  return (
    isRecord(raw) && typeof raw.at === 'number' && Array.isArray(raw.connections) && raw.connections.every(isConnection)
  )
}

function isConnection(raw: unknown): boolean {
  if (!isRecord(raw)) return false
  const texts = ['id', 'label', 'connectionState', 'iceConnectionState', 'signalingState']
  if (texts.some(name => typeof raw[name] !== 'string')) return false
  for (const name of ['localDescription', 'remoteDescription'])
    if (raw[name] !== undefined && typeof raw[name] !== 'string') return false
  return Array.isArray(raw.stats) && raw.stats.every(isEntry)
}

export function isEntry(raw: unknown): raw is StatsEntry {
  return (
    isRecord(raw) && typeof raw.id === 'string' && typeof raw.type === 'string' && typeof raw.timestamp === 'number'
  )
}

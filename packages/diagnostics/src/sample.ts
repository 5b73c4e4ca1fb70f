import { isRecord } from './record.ts'

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

function isEntry(raw: unknown): raw is StatsEntry {
  return (
    isRecord(raw) && typeof raw.id === 'string' && typeof raw.type === 'string' && typeof raw.timestamp === 'number'
  )
}

import { isRecord } from './record.ts'

/** One entry of a statistics report (W3C webrtc-stats). Browsers omit fields, so every value must be checked. */
export type StatsEntry = { readonly id: string; readonly type: string; readonly timestamp: number } & {
  readonly [name: string]: unknown
}

/** A snapshot of a peer connection. */
export interface ConnectionSample {
  /** Stable while the connection lives. */
  readonly id: string
  /** The person at the other end, or what the connection is for. */
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

/** Whether an untrusted value is a sample; the fields of statistics entries are not checked any further. */
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

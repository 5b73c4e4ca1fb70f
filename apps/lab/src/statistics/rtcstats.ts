import { type CallSample, type ConnectionSample, isRecord, type StatsEntry } from '@parley/diagnostics'
import { parse } from '../report/json.ts'
import { inSeconds } from './samples.ts'

/**
 * A dump as kept by rtcstats servers: a first line `RTCStatsDump`, a line of metadata, then one array per line: method,
 * connection, value, further values, time. Methods and names of statistics are mostly abbreviated to short codes;
 * statistics and times are written as differences from the previous ones. Older servers omit the two header lines and
 * write everything in full.
 */
const head = 'RTCStatsDump'

/** The methods used here, by their short codes. */
const methods: Readonly<Record<string, string>> = {
  g: 'getStats',
  1: 'getStats',
  getstats: 'getStats',
  6: 'setLocalDescription',
  8: 'setRemoteDescription',
  23: 'onsignalingstatechange',
  24: 'oniceconnectionstatechange',
  25: 'onconnectionstatechange',
}

const types = [
  '',
  'inbound-rtp',
  'outbound-rtp',
  'remote-inbound-rtp',
  'remote-outbound-rtp',
  'transport',
  'candidate-pair',
  'local-candidate',
  'remote-candidate',
  'data-channel',
  'peer-connection',
  'certificate',
  'media-source',
  'media-playout',
  'codec',
]

/** The names of the statistics that this page shows, by their short codes. */
const names: Readonly<Record<string, string>> = {
  t: 'timestamp',
  5: 'transportId',
  6: 'mimeType',
  10: 'ssrc',
  11: 'kind',
  12: 'codecId',
  14: 'packetsReceived',
  15: 'packetsLost',
  16: 'jitter',
  18: 'mid',
  19: 'remoteId',
  20: 'framesDecoded',
  22: 'framesDropped',
  23: 'frameWidth',
  24: 'frameHeight',
  25: 'framesPerSecond',
  26: 'qpSum',
  27: 'totalDecodeTime',
  32: 'freezeCount',
  33: 'totalFreezesDuration',
  41: 'bytesReceived',
  42: 'nackCount',
  43: 'firCount',
  44: 'pliCount',
  47: 'jitterBufferDelay',
  49: 'jitterBufferEmittedCount',
  51: 'totalSamplesReceived',
  52: 'concealedSamples',
  57: 'audioLevel',
  58: 'totalAudioEnergy',
  59: 'totalSamplesDuration',
  60: 'framesReceived',
  74: 'localId',
  75: 'roundTripTime',
  77: 'fractionLost',
  79: 'packetsSent',
  80: 'bytesSent',
  81: 'mediaSourceId',
  82: 'rid',
  85: 'retransmittedPacketsSent',
  86: 'retransmittedBytesSent',
  87: 'targetBitrate',
  89: 'framesSent',
  91: 'framesEncoded',
  93: 'totalEncodeTime',
  94: 'totalPacketSendDelay',
  95: 'qualityLimitationReason',
  97: 'qualityLimitationResolutionChanges',
  116: 'protocol',
  118: 'state',
  123: 'dtlsState',
  125: 'selectedCandidatePairId',
  134: 'address',
  135: 'port',
  136: 'candidateType',
  138: 'url',
  139: 'relayProtocol',
  148: 'localCandidateId',
  149: 'remoteCandidateId',
  150: 'nominated',
  152: 'currentRoundTripTime',
  153: 'availableOutgoingBitrate',
  154: 'availableIncomingBitrate',
}

/** Whether a text is an rtcstats dump. */
export function isRtcstatsDump(text: string): boolean {
  if (text.startsWith(head)) return true
  const first = text.startsWith('[') ? parse(text.slice(0, lineEnd(text))) : undefined
  return Array.isArray(first) && first.length >= 4 && typeof first.at(-1) === 'number'
}

const lineEnd = (text: string) => (text.includes('\n') ? text.indexOf('\n') : text.length)

interface Connection {
  stats: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  now: ConnectionSample
}

/** Reads a dump, with the browser as named in its metadata. Lines that cannot be read are skipped. */
export function readRtcstats(text: string): { readonly samples: readonly CallSample[]; readonly browser: string } {
  const lines = text.split('\n')
  const metadata = text.startsWith(head) ? parse(lines[1] ?? '') : undefined
  const browser = isRecord(metadata) ? metadata.userAgent : undefined
  const connections = new Map<string, Connection>()
  const rows: { at: number; connection: ConnectionSample }[] = []
  let at = 0
  for (const line of lines) {
    const row = line.startsWith('[') ? parse(line) : undefined
    if (!Array.isArray(row)) continue
    const time: unknown = row.at(-1)
    // The difference from the previous time; a value too large to be a difference is an absolute time.
    if (typeof time === 'number') at = time > 1e11 ? time : at + time
    const [written, id, value] = row as readonly unknown[]
    if (typeof id !== 'string') continue
    const method = methods[String(written)] ?? String(written)
    const before = connections.get(id) ?? { stats: new Map(), now: fresh(id) }
    const stats = method === 'getStats' && isRecord(value) ? restore(before.stats, value, at) : before.stats
    const now = { ...before.now, ...changeOf(method, value, before.now), stats: entries(stats) }
    connections.set(id, { stats, now })
    if (method === 'getStats' || now.connectionState !== before.now.connectionState) rows.push({ at, connection: now })
  }
  return { samples: inSeconds(rows), browser: typeof browser === 'string' ? browser : '' }
}

const fresh = (id: string): ConnectionSample => ({
  id,
  label: id,
  connectionState: 'new',
  iceConnectionState: 'new',
  signalingState: 'stable',
  localDescription: undefined,
  remoteDescription: undefined,
  stats: [],
})

const entries = (stats: Connection['stats']) => [...stats.values()] as unknown as readonly StatsEntry[]

/** Rebuilds a full report from the previous one and the differences; null removes an entry. */
function restore(before: Connection['stats'], delta: Record<string, unknown>, at: number): Connection['stats'] {
  const after = new Map(before)
  const common = delta.t ?? delta.timestamp
  const timestamp = typeof common === 'number' && common > 0 ? common : at
  for (const [id, entry] of after) after.set(id, { ...entry, timestamp })
  for (const [id, change] of Object.entries(delta)) {
    if (change === null) after.delete(id)
    if (!isRecord(change)) continue
    const named = Object.fromEntries(Object.entries(change).map(([name, value]) => [names[name] ?? name, value]))
    const type = typeof named.type === 'number' ? (types[named.type] ?? 'unknown') : named.type
    const own = typeof named.timestamp === 'number' && named.timestamp > 0 ? named.timestamp : timestamp
    const old = after.get(id)
    after.set(id, { ...old, ...named, id, type: type ?? old?.type ?? 'unknown', timestamp: own })
  }
  return after
}

function changeOf(method: string, value: unknown, before: ConnectionSample): Partial<ConnectionSample> {
  if (method === 'onconnectionstatechange' && typeof value === 'string') return { connectionState: value }
  if (method === 'oniceconnectionstatechange' && typeof value === 'string') return { iceConnectionState: value }
  if (method === 'onsignalingstatechange' && typeof value === 'string') return { signalingState: value }
  const side = { setLocalDescription: 'localDescription', setRemoteDescription: 'remoteDescription' } as const
  const name = Object.hasOwn(side, method) ? side[method as keyof typeof side] : undefined
  if (!name || !isRecord(value) || typeof value.sdp !== 'string') return {}
  return { [name]: restoreSdp(before[name], value.sdp) }
}

/** Rebuilds a description in which unchanged sections are written as just `m=` or `v=`. */
function restoreSdp(before: string | undefined, sdp: string): string {
  const sections = (text: string) => text.split(/\r?\n(?=m=)/).map(section => section.trim())
  const old = sections(before ?? '')
  const whole = sections(sdp).map((section, i) => (/^[vm]=$/.test(section) ? (old[i] ?? section) : section))
  return `${whole.join('\r\n')}\r\n`
}

import { expect, test } from 'vitest'
import type { StatsEntry } from './counters.ts'
import { type Report, readPeerStats, type StatsContext } from './peer-stats.ts'

const context: StatsContext = {
  participant: 'bob',
  incoming: new Map([
    ['0', { id: 'in-mic', source: 'microphone' }],
    ['1', { id: 'in-cam', source: 'camera' }],
  ]),
  outgoing: new Map([['1', { id: 'out-cam', source: 'camera' }]]),
}

function report(...entries: Partial<StatsEntry>[]): Report {
  return new Map(entries.map(entry => [String(entry.id), { timestamp: 0, type: '', ...entry } as StatsEntry]))
}

const path = (local: Partial<StatsEntry>, remote: Partial<StatsEntry> = {}) => [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  {
    id: 'P',
    type: 'candidate-pair',
    localCandidateId: 'L',
    remoteCandidateId: 'R',
    currentRoundTripTime: 0.042,
    availableOutgoingBitrate: 1e6,
  },
  {
    id: 'L',
    type: 'local-candidate',
    candidateType: 'host',
    protocol: 'udp',
    address: '10.0.0.1',
    port: 5000,
    ...local,
  },
  { id: 'R', type: 'remote-candidate', candidateType: 'srflx', protocol: 'udp', address: '', port: 6000, ...remote },
]

const video = (at: number, change: Partial<StatsEntry> = {}) => ({
  id: 'IV',
  type: 'inbound-rtp',
  timestamp: at,
  mid: '1',
  codecId: 'C',
  bytesReceived: at * 100,
  packetsReceived: at / 10,
  packetsLost: at / 100,
  jitter: 0.005,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 24,
  framesDecoded: 99,
  freezeCount: 1,
  ...change,
})

test('nothing is known of a path before there is one', () => {
  expect(readPeerStats(new Map(), undefined, context)).toEqual({
    participant: 'bob',
    route: undefined,
    protocol: undefined,
    localCandidate: undefined,
    remoteCandidate: undefined,
    roundTripMs: undefined,
    availableOutBps: undefined,
    tracks: [],
  })
})

test('a direct path', () => {
  expect(readPeerStats(report(...path({})), undefined, context)).toMatchObject({
    route: 'direct',
    protocol: 'udp',
    localCandidate: 'host 10.0.0.1:5000',
    remoteCandidate: 'srflx (hidden):6000',
    roundTripMs: 42,
    availableOutBps: 1e6,
  })
})

test('a relay on either side makes it relayed; ours says how it is reached', () => {
  const ours = path({ candidateType: 'relay', relayProtocol: 'tls', address: '2001:db8::1' })
  expect(readPeerStats(report(...ours), undefined, context)).toMatchObject({
    route: 'relayed',
    protocol: 'tls',
    localCandidate: 'relay [2001:db8::1]:5000',
  })
  const theirs = path({}, { candidateType: 'relay' })
  expect(readPeerStats(report(...theirs), undefined, context)).toMatchObject({ route: 'relayed', protocol: 'udp' })
})

test('without transport entries the pair that says so itself is the selected one', () => {
  const [, pair, ...candidates] = path({})
  const firefox = report({ ...pair, selected: true }, ...candidates)
  expect(readPeerStats(firefox, undefined, context)).toMatchObject({ route: 'direct', roundTripMs: 42 })
})

test('incoming video: rates and loss since the report before', () => {
  const codec = { id: 'C', type: 'codec', mimeType: 'video/VP8' }
  const first = report(video(1000), codec)
  const second = report(video(3000), codec)
  expect(readPeerStats(first, undefined, context).tracks).toMatchObject([{ bitrateBps: undefined, loss: undefined }])
  const [track] = readPeerStats(second, first, context).tracks
  expect(track).toEqual({
    id: 'in-cam',
    source: 'camera',
    direction: 'in',
    codec: 'VP8',
    bitrateBps: 800_000,
    loss: 20 / 220,
    jitterMs: 5,
    width: 640,
    height: 360,
    framesPerSecond: 24,
    framesDecoded: 99,
    freezeCount: 1,
    totalAudioEnergy: undefined,
  })
})

test('counters that were reset say nothing, rather than something wrong', () => {
  const [track] = readPeerStats(report(video(1000)), report(video(3000)), context).tracks
  expect(track).toMatchObject({ bitrateBps: undefined, loss: undefined, framesDecoded: 99 })
})

test('late packets that make the lost fewer are no negative loss', () => {
  const before = report(video(1000, { packetsLost: 50 }))
  const [track] = readPeerStats(report(video(2000, { packetsLost: 40 })), before, context).tracks
  expect(track?.loss).toBe(0)
})

test('no packets at all are no loss of 0/0', () => {
  const same = report(video(1000))
  const [track] = readPeerStats(report(video(1000, { timestamp: 2000 })), same, context).tracks
  expect(track).toMatchObject({ loss: undefined, bitrateBps: 0 })
})

test('the few packets of a silent voice are too few to tell a loss by', () => {
  const before = report(video(1000))
  const few = { packetsReceived: 103, packetsLost: 12 }
  const [track] = readPeerStats(report(video(2000, few)), before, context).tracks
  expect(track?.loss).toBeUndefined()
  const out = { id: 'OV', type: 'outbound-rtp', mid: '1', bytesSent: 5000 }
  const heard = { id: 'RI', type: 'remote-inbound-rtp', localId: 'OV', fractionLost: 0.25 }
  const lossAfter = (packetsSent: number) =>
    readPeerStats(report({ ...out, packetsSent }, heard), report({ ...out, packetsSent: 100 }), context).tracks[0]?.loss
  expect([lossAfter(105), lossAfter(150)]).toEqual([undefined, 0.25])
})

test('outgoing video: what the other side reports', () => {
  const out = { id: 'OV', type: 'outbound-rtp', mid: '1', bytesSent: 5000, mediaSourceId: 'S' }
  const heard = { id: 'RI', type: 'remote-inbound-rtp', localId: 'OV', fractionLost: 0.25, jitter: 0.01 }
  const [track] = readPeerStats(
    report({ ...out, timestamp: 1000 }, heard),
    report({ ...out, timestamp: 0, bytesSent: 0 }),
    context,
  ).tracks
  expect(track).toMatchObject({ id: 'out-cam', direction: 'out', bitrateBps: 40_000, loss: 0.25, jitterMs: 10 })
})

test('what the codecs do: what holds a picture back, what it was before, how busy they are, what was left out', () => {
  const out = {
    id: 'OV',
    type: 'outbound-rtp',
    mid: '1',
    bytesSent: 0,
    mediaSourceId: 'S',
    qualityLimitationReason: 'cpu',
  }
  const source = { id: 'S', type: 'media-source', height: 720, frames: 100 }
  const first = report({ ...out, timestamp: 0, totalEncodeTime: 1, framesEncoded: 80 }, source)
  const encoded = { ...out, timestamp: 2000, totalEncodeTime: 2.5, framesEncoded: 125 }
  const second = report(encoded, { ...source, frames: 160 })
  expect(readPeerStats(second, first, context).tracks).toMatchObject([
    { limitedBy: 'cpu', capturedHeight: 720, unencoded: 0.25, codecBusy: 0.75 },
  ])
  const unknown = report({ ...out, qualityLimitationReason: 'the weather' })
  expect(readPeerStats(unknown, undefined, context).tracks[0]?.limitedBy).toBeUndefined()

  const frames = (at: number, framesReceived: number, framesDecoded?: number, framesDropped?: number) =>
    report(video(at, { framesReceived, framesDecoded, framesDropped, totalDecodeTime: at / 4000 }))
  const undecoded = (now: Report, before: Report) => readPeerStats(now, before, context).tracks[0]?.undecoded
  expect(undecoded(frames(2000, 60, 15), frames(0, 0, 0))).toBe(0.75)
  expect(undecoded(frames(2000, 60, undefined, 30), frames(0, 0, undefined, 0))).toBe(0.5)
  expect(undecoded(frames(2000, 60, 70), frames(0, 0, 0))).toBe(0)
  expect(undecoded(frames(2000, 60), frames(0, 60))).toBeUndefined()
  expect(readPeerStats(frames(2000, 60), frames(0, 0), context).tracks[0]?.codecBusy).toBe(0.25)
})

test('sections that carry nothing announced are left out', () => {
  expect(readPeerStats(report(video(1000, { mid: '7' })), undefined, context).tracks).toEqual([])
  expect(readPeerStats(report(video(1000, { mid: undefined })), undefined, context).tracks).toEqual([])
})

test('numbers that are none never come out', () => {
  const broken = video(1000, { bytesReceived: Number.NaN, framesPerSecond: Number.POSITIVE_INFINITY, jitter: '5' })
  const [track] = readPeerStats(report(broken), report(broken), context).tracks
  for (const value of Object.values(track ?? {})) {
    expect(value === undefined || typeof value === 'string' || Number.isFinite(value)).toBe(true)
  }
})

test('the layers of simulcast are one track: the largest that is sent, and the bits of all', () => {
  const layer = (id: string, height: number, at: number, bytesSent: number, change: Partial<StatsEntry> = {}) => ({
    id,
    type: 'outbound-rtp',
    timestamp: at,
    mid: '1',
    frameHeight: height,
    bytesSent,
    totalEncodeTime: at / 10_000,
    qualityLimitationReason: 'none',
    ...change,
  })
  const layers = (at: number, f: number) =>
    report(
      ...path({}),
      layer('f', 720, at, f, { qualityLimitationReason: 'bandwidth' }),
      layer('q', 180, at, at / 10),
      layer('h', 360, at, at / 2),
    )
  const tracks = (f: number) => readPeerStats(layers(1000, f), layers(0, 0), context).tracks
  expect(tracks(2000)).toMatchObject([{ id: 'out-cam', height: 720, bitrateBps: 8 * 2600, limitedBy: 'bandwidth' }])
  // The largest rests.
  expect(tracks(0)).toMatchObject([{ id: 'out-cam', height: 360, bitrateBps: 8 * 600, codecBusy: 0.1 }])
})

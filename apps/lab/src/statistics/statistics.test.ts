import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type CallSample, type ConnectionSample, isCallSample, readMessage, type StatsEntry } from '@parley/diagnostics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import english from '../locales/en/statistics.ts'
import { growth, perUnit, rate } from './counters.ts'
import { isInternalsDump, samplesOfDump } from './dump.ts'
import { statisticsFindings } from './findings.ts'
import { markersOf } from './markers.ts'
import { metrics } from './metrics.ts'
import { readRecording } from './recording-file.ts'
import { readRtcstats } from './rtcstats.ts'
import { connectionsOf } from './samples.ts'
import { seriesOf, summaryOf } from './series.ts'

const texts: Readonly<Record<string, string>> = english
const captured = gunzipSync(readFileSync(new URL('./testdata/webrtc-internals.json.gz', import.meta.url))).toString()

const entry = (fields: Record<string, unknown>, at = 1000): StatsEntry => ({
  id: 'a',
  type: 'outbound-rtp',
  timestamp: at,
  ...fields,
})
const sample = (at: number, stats: readonly StatsEntry[], over: Partial<ConnectionSample> = {}): CallSample => ({
  at,
  connections: [
    {
      id: 'c',
      label: 'Bob',
      connectionState: 'connected',
      iceConnectionState: 'connected',
      signalingState: 'stable',
      localDescription: undefined,
      remoteDescription: undefined,
      stats,
      ...over,
    },
  ],
})

describe('differences of counters', () => {
  it('are undefined where there is nothing to compare with, or the counter started over', () => {
    expect(growth(entry({ n: 5 }), undefined, 'n')).toBeUndefined()
    expect(growth(entry({ n: 5 }), entry({ n: 9 }), 'n')).toBeUndefined()
    expect(growth(entry({ n: 9 }), entry({ n: 5 }), 'n')).toBe(4)
    expect(rate(entry({ n: 9 }, 1000), entry({ n: 5 }, 1000), 'n')).toBeUndefined()
    expect(rate(entry({ n: 9 }, 3000), entry({ n: 5 }, 1000), 'n')).toBe(2)
    expect(perUnit(entry({ t: 2, n: 5 }), entry({ t: 1, n: 5 }), 't', 'n')).toBeUndefined()
  })

  it('never make a number that is none', () => {
    const value = fc.oneof(fc.double(), fc.constant(undefined), fc.constant(null), fc.constant('1'))
    fc.assert(
      fc.property(value, value, fc.double(), fc.double(), (a, b, at, later) => {
        for (const { read } of metrics) {
          const names = [
            'bytesSent',
            'bytesReceived',
            'packetsReceived',
            'packetsLost',
            'jitter',
            'fractionLost',
            'totalEncodeTime',
            'framesEncoded',
            'nackCount',
          ]
          const now = entry(Object.fromEntries(names.map(name => [name, b])), later)
          const found = read(now, entry(Object.fromEntries(names.map(name => [name, a])), at))
          if (found !== undefined) expect(found).toSatisfy(Number.isFinite)
        }
      }),
      { numRuns: 2000, examples: [[-Number.MAX_VALUE, Number.MAX_VALUE, 0, 1]] },
    )
  })
})

describe('a dump of webrtc-internals as Chromium saved it', () => {
  const raw: unknown = JSON.parse(captured)
  const samples = isInternalsDump(raw) ? samplesOfDump(raw) : []

  it('becomes samples of both connections', () => {
    expect(samples.length).toBeGreaterThanOrEqual(3)
    expect(samples.every(isCallSample)).toBe(true)
    expect(samples.at(-1)?.connections.map(({ connectionState }) => connectionState)).toEqual([
      'connected',
      'connected',
    ])
    expect(samples.at(-1)?.connections[0]?.localDescription).toMatch(/^v=0/)
  })

  it('shows what was sent on one side and received on the other', () => {
    const [caller = '', callee = ''] = samples.at(-1)?.connections.map(({ id }) => id) ?? []
    const ids = (id: string) => seriesOf(samples, id).charts.map(({ metric }) => metric.id)
    expect(ids(caller)).toEqual(expect.arrayContaining(['bitrateOut', 'roundTrip', 'framesOut', 'available']))
    expect(ids(caller)).not.toContain('bitrateIn')
    expect(ids(callee)).toEqual(expect.arrayContaining(['bitrateIn', 'lossIn', 'jitterIn', 'heightIn']))
    const bitrate = seriesOf(samples, callee).charts.find(({ metric }) => metric.id === 'bitrateIn')
    expect(bitrate?.lines.map(({ label }) => label)).toEqual(['audio opus', 'video VP8'])
    const video = bitrate?.lines[1]
    const { now, lowest, highest, mean } = video ? summaryOf(video) : summaryOf({ id: '', label: '', values: [] })
    for (const value of [now, lowest, highest, mean]) expect(value).toBeGreaterThan(50_000)
    expect(video?.values[0]).toBeUndefined()
  })

  it('is judged in words that exist', () => {
    const findings = samples.at(-1)?.connections.flatMap(({ id }) => statisticsFindings(samples, id)) ?? []
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['flow', 'loss-in', 'round-trip', 'freezes', 'route-direct']),
    )
    for (const { id, status } of findings)
      expect(texts[`finding.${id}.${status}`], `${id}.${status}`).toBeTypeOf('string')
  })

  it('is never taken for one when it is none, and broken ones do not throw', () => {
    expect(isInternalsDump({ PeerConnections: [] })).toBe(false)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), PeerConnections => {
        samplesOfDump({ PeerConnections })
        samplesOfDump({ PeerConnections: { x: { stats: PeerConnections, updateLog: Object.values(PeerConnections) } } })
      }),
    )
  })
})

describe('connections that are not there to the end', () => {
  const at = (second: number) => new Date(1_700_000_000_000 + second * 1000).toISOString()
  const measured = (from: number, to: number) => ({
    stats: {
      'O-packetsSent': { statsType: 'outbound-rtp', startTime: at(from), endTime: at(to), values: '[1,2,3]' },
    },
    updateLog: [{ time: at(from), type: 'connectionstatechange', value: 'connected' }],
  })

  it('the first failed and is gone: all can be chosen, each as it was last', () => {
    const failed = measured(0, 2)
    failed.updateLog.push({ time: at(2), type: 'connectionstatechange', value: 'failed' })
    const samples = samplesOfDump({ PeerConnections: { '1-1': failed, '1-2': measured(10, 12) } })
    expect(connectionsOf(samples).map(({ id, connectionState }) => `${id} ${connectionState}`)).toEqual([
      '1-2 connected',
      '1-1 failed',
    ])
  })

  it('one without statistics is read by its log', () => {
    const silent = { stats: {}, updateLog: [{ time: at(1), type: 'connectionstatechange', value: 'failed' }] }
    const text = JSON.stringify({ PeerConnections: { '1-1': silent }, UserAgent: 'x' })
    const read = readRecording(text)
    const samples = read.ok && read.value.kind === 'dump' ? read.value.samples : []
    expect(connectionsOf(samples)).toMatchObject([{ id: '1-1', connectionState: 'failed', stats: [] }])
  })
})

describe('a dump of rtcstats', () => {
  const lines = (...rows: readonly unknown[]) =>
    ['RTCStatsDump', JSON.stringify({ userAgent: 'Firefox' }), ...rows.map(row => JSON.stringify(row))].join('\n')
  const start = 1_700_000_000_000

  it('is restored from numbers and differences', () => {
    const text = lines(
      [6, 'PC_0', { type: 'offer', sdp: 'v=0\r\ns=-\r\nm=audio 9 X 0\r\na=mid:0\r\n' }, start],
      ['g', 'PC_0', { O: { type: 2, 79: 10, 80: 1000, 11: 'video' }, T: { type: 5 }, t: start + 1000 }, 1000],
      ['g', 'PC_0', { O: { 79: 30, 80: 3000 }, T: null, t: start + 2000 }, 1000],
      [6, 'PC_0', { type: 'offer', sdp: 'v=\r\nm=\r\nm=video 9 X 0\r\n' }, 10],
      [25, 'PC_0', 'failed', 990],
    )
    const { samples, browser } = readRtcstats(text)
    expect(browser).toBe('Firefox')
    expect(samples.map(each => each.at - start)).toEqual([1000, 2000, 3000])
    const entry = { id: 'O', type: 'outbound-rtp', kind: 'video', timestamp: start + 2000 }
    expect(samples[1]?.connections[0]?.stats).toEqual([{ ...entry, packetsSent: 30, bytesSent: 3000 }])
    expect(samples[2]?.connections[0]).toMatchObject({ id: 'PC_0', connectionState: 'failed' })
    expect(samples[2]?.connections[0]?.localDescription).toBe(
      'v=0\r\ns=-\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 0\r\n',
    )
    expect(readRecording(text)).toMatchObject({ ok: true, value: { kind: 'dump' } })
  })

  it('is read without a head, with everything in full', () => {
    const row = (at: number, packetsSent: number) =>
      JSON.stringify(['getstats', 'PC_0', { O: { type: 'outbound-rtp', packetsSent, timestamp: at } }, at])
    const read = readRecording([row(start, 1), row(start + 1000, 5), 'damaged'].join('\n'))
    expect(read).toMatchObject({ ok: true, value: { kind: 'dump', samples: [{ at: start }, { at: start + 1000 }] } })
  })

  it('never throws, whatever is in it', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.jsonValue())), rows => void readRtcstats(lines(...rows))))
  })
})

describe('what happened', () => {
  const sdp = (ufrag: string, extra = '') =>
    `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\na=ice-ufrag:${ufrag}\r\n${extra}`
  const video = (height: number, reason = 'none') =>
    entry({ kind: 'video', frameWidth: height * 2, frameHeight: height, qualityLimitationReason: reason })
  const kinds = (...samples: CallSample[]) => markersOf(samples, 'c').map(({ kind }) => kind)

  it('is told by what changes between samples, and only by that', () => {
    expect(kinds(sample(1, []), sample(2, []))).toEqual([])
    expect(
      kinds(
        sample(1, [], { localDescription: sdp('a') }),
        sample(2, [], { localDescription: sdp('a', 'a=mid:1\r\n') }),
      ),
    ).toEqual(['renegotiation'])
    expect(kinds(sample(1, [], { localDescription: sdp('a') }), sample(2, [], { localDescription: sdp('b') }))).toEqual(
      ['ice-restart'],
    )
    expect(
      kinds(
        sample(1, [], { localDescription: sdp('a') }),
        sample(2, [], { localDescription: sdp('a', 'a=candidate:1 1 udp 1 h 1 typ host\r\n') }),
      ),
    ).toEqual([])
    expect(kinds(sample(1, [video(720)]), sample(2, [video(360, 'bandwidth')]))).toEqual(['layer', 'limited'])
    expect(kinds(sample(1, []), sample(2, [], { iceConnectionState: 'disconnected' }))).toEqual(['state'])
  })

  it('has words for each kind and reason', () => {
    for (const kind of ['renegotiation', 'ice-restart', 'state', 'path', 'layer', 'codec'])
      expect(texts[`marker.${kind}`]).toBeTypeOf('string')
    for (const reason of ['none', 'bandwidth', 'cpu', 'other'])
      expect(texts[`marker.limited.${reason}`]).toBeTypeOf('string')
    for (const { id } of metrics) expect(texts[`chart.${id}`], id).toBeTypeOf('string')
  })
})

it('takes only messages that it knows', () => {
  const good = { type: 'sample', call: 'x', sample: sample(1, [entry({})]) }
  expect(readMessage(good)).toEqual(good)
  for (const bad of [
    null,
    1,
    {},
    { type: 'watch' },
    { type: 'here', call: 'x' },
    { type: 'sample', call: 'x', sample: { at: 1, connections: [{}] } },
  ])
    expect(readMessage(bad)).toBeUndefined()
})

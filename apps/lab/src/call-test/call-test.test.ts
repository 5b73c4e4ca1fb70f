import type { PeerStats, TrackStats } from '@parley/client'
import { describe, expect, test } from 'vitest'
import english from '../locales/en/index.ts'
import { type CallSummary, median, sampleOf, summarize } from './measure.ts'
import { judgeQuality } from './quality.ts'
import { callTestFindings, callTestReport, readCallTest } from './report.ts'
import type { CallResult, CallTestResult } from './result.ts'

const track = (source: TrackStats['source'], change: Partial<TrackStats> = {}): TrackStats => ({
  id: source,
  source,
  direction: 'in',
  codec: 'VP8',
  bitrateBps: 500_000,
  loss: 0,
  jitterMs: 4,
  width: 640,
  height: 360,
  framesPerSecond: 30,
  framesDecoded: 300,
  freezeCount: 0,
  totalAudioEnergy: undefined,
  ...change,
})
const peer = (tracks: readonly TrackStats[], change: Partial<PeerStats> = {}): PeerStats => ({
  participant: 'b',
  route: 'direct',
  protocol: 'udp',
  localCandidate: undefined,
  remoteCandidate: undefined,
  roundTripMs: 12,
  availableOutBps: undefined,
  tracks,
  ...change,
})
const good: CallSummary = summarize([
  sampleOf([peer([track('camera'), track('microphone', { bitrateBps: 32_000, loss: 0.01 })])]),
])

describe('measuring', () => {
  test('what comes in counts, of picture and sound the worse', () => {
    const out = track('camera', { direction: 'out', loss: 0.9 })
    const sample = sampleOf([peer([out, track('camera', { loss: 0.02 }), track('microphone', { jitterMs: 40 })])])
    expect(sample).toMatchObject({ loss: 0.02, jitterMs: 40, videoBps: 500_000, route: 'direct', roundTripMs: 12 })
  })

  test('nothing measured is undefined, not 0', () => {
    expect(Object.values(summarize([])).every(value => value === undefined)).toBe(true)
    expect(Object.values(sampleOf([])).every(value => value === undefined)).toBe(true)
    const broken = { ...sampleOf([]), roundTripMs: Number.NaN, loss: Number.POSITIVE_INFINITY }
    expect(summarize([broken])).toMatchObject({ roundTripMs: undefined, loss: undefined })
  })

  test('one bad moment is not the whole', () => {
    const at = (roundTripMs: number) => ({ ...sampleOf([peer([])]), roundTripMs })
    expect(summarize([at(10), at(900), at(12)]).roundTripMs).toBe(12)
    expect(median([1, 2, 3, 10])).toBe(2.5)
  })
})

describe('quality', () => {
  test.each<[Partial<CallSummary>, string, readonly string[]]>([
    [{}, 'pass', []],
    [{ loss: 0.03 }, 'warn', ['loss']],
    [{ loss: 0.2, jitterMs: 50 }, 'fail', ['loss']],
    [{ roundTripMs: 400, jitterMs: 60 }, 'warn', ['jitterMs', 'roundTripMs']],
    [{ videoBps: 20_000 }, 'fail', ['videoBps']],
    [{ roundTripMs: undefined }, 'pass', []],
  ])('%j is %s', (change, quality, because) => {
    expect(judgeQuality({ ...good, ...change })).toEqual({ quality, because })
  })

  test('nothing measured, nothing claimed', () => {
    expect(judgeQuality(summarize([]))).toEqual({ quality: 'unknown', because: [] })
  })
})

const ok = (url: string) => ({ url, verdict: { is: 'ok', atMs: 30, address: '192.0.2.1:5000' } }) as const
const closed = (url: string) => ({ url, verdict: { is: 'no-answer', withinMs: 5000 } }) as const
const udp = 'turn:a.example:3478?transport=udp'
const tcp = 'turn:a.example:3478?transport=tcp'
const direct: CallResult = { kind: 'direct', is: 'measured', setUpMs: 400, summary: good }
const noRelay: CallResult = { kind: 'relayed', is: 'failed', reason: 'no path' }
const result = (change: Partial<CallTestResult> = {}): CallTestResult => ({
  signalling: { is: 'answered', roundTripMs: 5 },
  turn: [ok(udp), ok(tcp)],
  calls: [direct],
  ...change,
})
const sayings = (of: CallTestResult) => callTestFindings(of).map(({ id, status }) => `${id} ${status}`)

describe('what it means', () => {
  test('all is well', () => {
    expect(sayings(result())).toEqual([
      'overall unknown',
      'call-direct pass',
      'signalling pass',
      'turn-udp pass',
      'turn-tcp pass',
      'turn-tls unknown',
    ])
  })

  test('UDP blocked is a warning as long as TCP gets through, else a failure', () => {
    expect(sayings(result({ turn: [closed(udp), ok(tcp)] }))).toContain('turn-udp warn')
    expect(sayings(result({ turn: [closed(udp), closed(tcp)] }))).toContain('turn-udp fail')
  })

  test('a wrong password is said to be one', () => {
    const verdict = { is: 'wrong-credentials', inferred: false } as const
    expect(sayings(result({ turn: [{ url: udp, verdict }, ok(tcp)] }))).toContain('turn-udp-password fail')
  })

  test('a call that fails is a warning where another works, else a failure', () => {
    expect(sayings(result({ calls: [direct, noRelay] }))).toContain('call-relayed-failed warn')
    expect(sayings(result({ calls: [noRelay] }))).toContain('call-relayed-failed fail')
  })

  test('no TURN is a warning, no SFU only a fact', () => {
    const sfu: CallResult = { kind: 'sfu', is: 'not-offered', reason: 'mesh only' }
    const said = sayings(result({ turn: [], calls: [direct, sfu] }))
    expect(said).toContain('turn-offered warn')
    expect(said).toContain('call-sfu-not-offered unknown')
  })

  test('without the server there is one finding', () => {
    const signalling = { is: 'unreachable', error: 'timeout' } as const
    expect(sayings({ signalling, turn: [], calls: [] })).toEqual(['signalling fail'])
  })

  test('what was not measured has a reason in place of a number', () => {
    const silent: CallResult = { ...direct, summary: { ...good, videoBps: 0, roundTripMs: undefined } }
    const finding = callTestFindings(result({ calls: [silent] })).find(({ id }) => id === 'call-direct')
    expect(finding?.params).toMatchObject({ video: { missing: 'no-traffic' }, roundTrip: { missing: 'not-measured' } })
  })

  test('a report can be read again', () => {
    expect(readCallTest(callTestReport({}, result()).data)).toEqual(JSON.parse(JSON.stringify(result())))
    expect(readCallTest({ signalling: {}, turn: [], calls: [{}] })).toBeUndefined()
  })
})

test('only HTTPS passes: trust in the certificate is the one remedy, and nothing else is a failure of its own', () => {
  const no = { is: 'no-answer', withinMs: 6000 } as const
  const turn = [
    { url: 'turn:a.example?transport=udp', verdict: no },
    { url: 'turn:a.example?transport=tcp', verdict: no },
    { url: 'turns:a.example:8443', verdict: { is: 'untrusted' } },
  ] as const
  const found = callTestFindings({
    signalling: { is: 'answered', roundTripMs: 5 },
    server: { door: 'a.example:8443', clockOffMs: 0, webSocket: 'open' },
    turn,
    calls: [
      { kind: 'relayed', is: 'no-way', reason: 'x' },
      { kind: 'sfu', is: 'failed', reason: 'x' },
    ],
  })
  const failed = found.filter(({ status }) => status === 'fail').map(({ id }) => id)
  expect(failed).toEqual(['call-relayed-no-way', 'call-sfu-no-way', 'turn-tls-trust'])
  const texts: Readonly<Record<string, string>> = english.labCallTest
  const remedies = found.flatMap(({ id, status }) => (status === 'fail' ? (texts[`remedy.${id}.${status}`] ?? []) : []))
  expect(remedies).toEqual([texts['remedy.turn-tls-trust.fail']])
})

test('the clock, WebSockets and the public address are said where something is wrong with them', () => {
  const ids = (server: CallTestResult['server'], is: 'answers' | 'silent' = 'answers') =>
    callTestFindings({
      signalling: { is: 'answered', roundTripMs: 5 },
      server,
      publicAddress: { is, address: '192.0.2.1' },
      turn: [],
      calls: [],
    }).flatMap(({ id, status }) => (status === 'warn' && id !== 'turn-offered' ? [id] : []))
  const well = { door: 'a:1', clockOffMs: 2000, webSocket: 'open' } as const
  expect(ids(well)).toEqual([])
  expect(ids({ ...well, clockOffMs: -3_600_000 })).toEqual(['clock-ahead'])
  expect(ids({ ...well, clockOffMs: 3_600_000 })).toEqual(['clock-behind'])
  expect(ids({ ...well, webSocket: 'refused' })).toEqual(['websocket-refused'])
  expect(ids(well, 'silent')).toEqual(['public-address'])
})

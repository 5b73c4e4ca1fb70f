import { describe, expect, test } from 'vitest'
import { callTestFindings } from '../call-test/report.ts'
import type { CallKind, CallTestResult } from '../call-test/result.ts'
import { constraintFindings } from '../constraints/report.ts'
import { channelFindings } from '../data-channel/report.ts'
import type { Throughput } from '../data-channel/result.ts'
import { deviceFindings } from '../devices/report.ts'
import english from '../locales/en/index.ts'
import { natFindings } from '../nat/report.ts'
import { type LabPageId, namespaces } from '../page-ids.ts'
import type { Finding, FindingStatus } from '../report/report.ts'
import { trickleFindings } from '../trickle/report.ts'
import { type ServerVerdict, statusOf } from '../trickle/verdict.ts'
import { checkIds } from './check-list.ts'

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>
const texts: Texts = english

/** The sentence of a finding, with what stands in its holes known. */
function expectSentence(page: LabPageId, { id, status, params = {} }: Finding): void {
  const sentence = texts[namespaces[page]]?.[`finding.${id}.${status}`]
  expect(sentence, `${page}: finding.${id}.${status}`).toBeTypeOf('string')
  for (const [, hole = ''] of (sentence ?? '').matchAll(/{{(\w+)}}/g))
    expect(params, `${page} ${id}`).toHaveProperty(hole)
}

const end = { by: 'browser', atMs: 90 } as const
const verdicts: readonly ServerVerdict[] = [
  { is: 'ok', atMs: 3, address: '192.0.2.1:4' },
  { is: 'same-address' },
  { is: 'not-asked' },
  { is: 'wrong-credentials', inferred: false },
  { is: 'refused', code: 486, text: 'Quota' },
  { is: 'wrong-credentials', inferred: true, endedForMs: 60_000 },
  { is: 'untrusted' },
  { is: 'cannot-tell' },
  { is: 'unresolved' },
  { is: 'unreachable', text: 'timed out' },
  { is: 'no-answer', withinMs: 5 },
  { is: 'waiting' },
]

describe('every finding has its sentence', () => {
  test('trickle', () => {
    expect([...new Set(verdicts.map(({ is }) => is))].sort()).toEqual(Object.keys(statusOf).sort())
    for (const verdict of verdicts) {
      const judged = [{ url: 'turn:a.example', verdict }]
      const gathering = { candidates: [], errors: [], end }
      for (const finding of trickleFindings({ gathering, judged })) expectSentence('trickle', finding)
    }
  })

  test('devices', () => {
    const device = { deviceId: 'a', groupId: 'g', label: 'A' }
    const all = [
      { ...device, kind: 'audioinput' },
      { ...device, kind: 'videoinput' },
      { ...device, kind: 'audiooutput' },
    ] as const
    const failed = { is: 'failed', problem: 'NotReadableError', error: 'NotReadableError' } as const
    const opened = { is: 'opened', tookMs: 1, settings: {}, muted: false, black: true } as const
    const tries = [[], [failed], [opened], [failed, opened]]
    for (const devices of [undefined, [], all]) {
      for (const state of ['granted', 'prompt', 'denied', 'unknown'] as const) {
        for (const openings of tries) {
          const tried = all.flatMap(each => openings.map(opening => ({ device: each, opening })))
          const permissions = { microphone: state, camera: state }
          for (const secure of [true, false]) {
            for (const finding of deviceFindings({ devices, secure, permissions, tried }))
              expectSentence('devices', finding)
          }
        }
      }
    }
  })

  test('constraints', () => {
    const fulfilments = ['met', 'close', 'not-met', 'not-told', 'not-supported', 'not-asked'] as const
    for (const fulfilment of fulfilments) {
      const asked = fulfilment === 'not-asked' ? undefined : { ideal: 1 }
      const rows = [{ name: 'width', asked, got: 1, capability: undefined, fulfilment }] as const
      for (const finding of constraintFindings({ is: 'got', device: 'A', rows })) expectSentence('constraints', finding)
    }
    for (const name of ['OverconstrainedError', 'NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError']) {
      const refusal = { name, constraint: undefined, error: name }
      for (const finding of constraintFindings({ is: 'refused', refusal, rows: [] }))
        expectSentence('constraints', finding)
    }
  })

  test('nat', () => {
    const untold = { value: undefined, why: 'one-server' } as const
    const observed = {
      servers: ['stun:a'],
      udp: true,
      local: undefined,
      sameAddress: false,
      sightings: [],
      spokenTo: [],
    }
    const unasked = { is: 'not-tried', why: 'no-relay' } as const
    const prospects = [undefined, 'direct', 'direct with most', 'relay needed'] as const
    for (const udp of [true, false, undefined]) {
      for (const value of prospects) {
        const calls = value === undefined ? untold : ({ value, sure: 'certain', evidence: [] } as const)
        const nothing = { mapping: untold, filtering: untold, classic: untold, local: undefined, mapped: undefined }
        const findings = { ...nothing, udp, nat: undefined, calls }
        for (const finding of natFindings({ findings, observed: { ...observed, unasked } }))
          expectSentence('nat', finding)
      }
    }
  })

  test('every verdict of the trickle page', () => {
    for (const is of [...Object.keys(statusOf), 'inferred-credentials', 'ended-credentials', 'unreachable-silent']) {
      expect(texts.labTrickle).toHaveProperty([`verdict.${is}`])
    }
  })

  test('call test', () => {
    const none = { route: undefined, protocol: undefined, roundTripMs: undefined, videoBps: undefined }
    const summary = { ...none, audioBps: undefined, loss: undefined, jitterMs: undefined, framesPerSecond: undefined }
    const urls = ['turn:a?transport=udp', 'turn:a?transport=tcp', 'turns:a']
    const turns: CallTestResult['turn'][] = [[]]
    for (const verdict of verdicts) {
      for (const url of urls)
        turns.push(
          [{ url, verdict }],
          [...urls.map(other => ({ url: other, verdict: verdicts[0]! })), { url, verdict }],
        )
      for (const url of urls)
        turns.push(urls.map(other => ({ url: other, verdict: other === url ? verdict : verdicts[0]! })))
    }
    const kinds: readonly CallKind[] = ['direct', 'relayed', 'sfu']
    const calls: CallTestResult['calls'][] = kinds.flatMap((kind): CallTestResult['calls'][] => [
      [{ kind, is: 'failed', reason: 'x' }],
      [{ kind: 'relayed', is: 'no-way', reason: 'x' }],
      [{ kind, is: 'not-offered', reason: 'x' }],
      ...[undefined, 0, 0.05, 0.5].map((loss): CallTestResult['calls'] => [
        { kind, is: 'measured', setUpMs: 1, summary: { ...summary, loss } },
        { kind: kind === 'sfu' ? 'direct' : 'sfu', is: 'failed', reason: 'x' },
        { kind: 'relayed', is: 'no-way', reason: 'x' },
      ]),
    ])
    const answered = [
      { is: 'answered', roundTripMs: 1 },
      { is: 'answered', roundTripMs: 900 },
      { is: 'unreachable', error: 'x' },
    ] as const
    for (const signalling of answered) {
      for (const turn of turns)
        for (const each of calls)
          for (const finding of callTestFindings({ signalling, turn, calls: each }))
            expectSentence('call-test', finding)
    }
    const door = undefined
    for (const webSocket of ['open', 'refused', 'unanswered'] as const) {
      for (const clockOffMs of [undefined, 0, 3_600_000, -3_600_000]) {
        const server = { door, webSocket, clockOffMs }
        const publicAddress = { is: 'silent', address: '192.0.2.1' } as const
        const result = { signalling: answered[0], server, publicAddress, turn: [], calls: [] }
        for (const finding of callTestFindings(result)) expectSentence('call-test', finding)
      }
    }
  })

  test('data channel', () => {
    const way: Throughput = { bitsPerSecond: 5e7, messagesSent: 2, messagesReceived: 2, buffered: [] }
    for (const bitsPerSecond of [undefined, 1, 1e9]) {
      for (const medianMs of [undefined, 1, 1000]) {
        for (const mode of ['reliable', 'retransmits'] as const) {
          const latency = { sent: 1, lost: 0, medianMs, p95Ms: medianMs }
          const forth = { ...way, bitsPerSecond, messagesReceived: medianMs === 1 ? 2 : 1 }
          for (const finding of channelFindings({ setUpMs: 1, latency, forth, back: way }, mode))
            expectSentence('data-channel', finding)
        }
      }
    }
  })

  test('all checks', () => {
    const statuses: readonly FindingStatus[] = ['pass', 'warn', 'fail', 'unknown', 'cancelled']
    for (const status of statuses) expectSentence('checks', { id: 'overall', status })
    for (const id of ['no-webrtc', 'server-away', 'only-https', 'password-ended', 'password'])
      expectSentence('checks', { id, status: 'fail' })
    expectSentence('checks', { id: 'old-webrtc', status: 'fail', params: { parts: 'x' } })
    expectSentence('checks', { id: 'nothing', status: 'unknown' })
    expectSentence('checks', { id: 'not-made', status: 'unknown', params: { checks: 'nat' } })
    for (const id of checkIds) expect(texts.labChecks).toHaveProperty([`check.${id}`])
  })
})

import { describe, expect, test } from 'vitest'
import type { Finding, FindingStatus, Report } from '../report/report.ts'
import type { CheckId } from './check-list.ts'
import { type Ended, summaryFindings } from './summary.ts'

const report = (...statuses: readonly FindingStatus[]): Report => ({
  format: 'parley-lab-report',
  version: 1,
  page: 'nat',
  madeAt: '2026-01-01T00:00:00.000Z',
  browser: 'test',
  settings: {},
  findings: statuses.map((status, index) => ({ id: `f${index}`, status })),
})
const done = (...statuses: readonly FindingStatus[]): Ended => ({
  check: 'nat',
  outcome: { status: 'done', value: report(...statuses), tookMs: 1 },
})
const say = (...ended: readonly Ended[]) => summaryFindings(ended).map(({ id, status }) => `${id} ${status}`)

describe('what all checks together mean', () => {
  test('the worst decides', () => {
    expect(say(done('pass'), done('pass', 'pass'))).toEqual(['overall pass'])
    expect(say(done('pass'), done('warn'))).toEqual(['overall warn'])
    expect(say(done('fail', 'pass'), done('warn'))).toEqual(['overall fail'])
  })
  test('what cannot be told is no fault, but said', () => {
    expect(say(done('pass', 'unknown'))).toEqual(['overall unknown'])
    expect(say(done('warn', 'unknown'))).toEqual(['overall warn'])
  })
  test('without WebRTC nothing else matters', () => {
    const gaps = (...missing: string[]) => summaryFindings([done('pass')], ['udp'], missing)
    expect(gaps('RTCPeerConnection', 'RTCRtpSender')).toEqual([{ id: 'no-webrtc', status: 'fail' }])
    const parts = 'RTCRtpSender.replaceTrack'
    expect(gaps(parts)).toEqual([{ id: 'old-webrtc', status: 'fail', params: { parts } }])
  })
  test('what the server says of itself is told, and counts', () => {
    const told = summaryFindings([done('pass')], ['udp', 'certificate'])
    expect(told.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'overall warn',
      'server-udp warn',
      'server-certificate warn',
    ])
    expect(summaryFindings([done('fail')], ['clock'])[0]).toMatchObject({ id: 'overall', status: 'fail' })
  })
  test('a way that is closed keeps nobody from calling where calls go by another', () => {
    const part = (page: CheckId, ...findings: readonly Finding[]): Ended => ({
      check: page,
      outcome: { status: 'done', tookMs: 1, value: { ...report(), page, findings } },
    })
    const closed = [part('trickle', { id: 'no-answer', status: 'fail' }), part('nat', { id: 'udp', status: 'fail' })]
    const works: Finding = { id: 'call-relayed', status: 'pass' }
    expect(say(...closed)).toEqual(['overall fail'])
    expect(say(...closed, part('call-test', works))).toEqual(['overall warn'])
    expect(say(...closed, part('call-test', works, { id: 'signalling', status: 'fail' }))).toEqual(['server-away fail'])
    expect(say(...closed, part('call-test', { id: 'call-relayed-no-way', status: 'warn' }))).toEqual(['overall fail'])
  })
  test('nothing found out, nothing claimed', () => expect(say()).toEqual(['nothing unknown']))
  test('checks that were not made are named, with the reason', () => {
    const skipped: Ended = { check: 'trickle', outcome: { status: 'skipped' } }
    const late: Ended = { check: 'call-test', outcome: { status: 'timed-out', afterMs: 9000 } }
    expect(summaryFindings([done('pass'), skipped, late])[1]).toEqual({
      id: 'not-made',
      status: 'unknown',
      params: { checks: 'trickle, call-test' },
      evidence: { trickle: 'the server cannot be reached', 'call-test': 'no end after 9 s' },
    })
  })
  test('a cause speaks before what follows from it', () => {
    const of = (...ids: readonly string[]): Ended => ({
      check: 'call-test',
      outcome: {
        status: 'done',
        tookMs: 1,
        value: { ...report(), findings: ids.map(id => ({ id, status: 'fail' })) },
      },
    })
    expect(say(of('turn-udp', 'call-sfu-no-way', 'turn-tls-trust'))).toEqual(['only-https fail'])
    expect(say(of('turn-udp-ended'))).toEqual(['password-ended fail'])
    expect(say(of('turn-tcp'))).toEqual(['overall fail'])
  })
})

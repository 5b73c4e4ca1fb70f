import { expect, test } from 'vitest'
import { Alarms } from './alarms.ts'
import { KeyFrameRequests } from './key-frame-requests.ts'

function setUp(possible = () => true) {
  const alarms = new Alarms()
  const sent: [number, boolean][] = []
  const requests = new KeyFrameRequests(alarms, (repeated, now) => {
    if (!possible()) return false
    sent.push([now, repeated])
    return true
  })
  const run = (until: number) => {
    for (let at = alarms.next(); at <= until; at = alarms.next()) alarms.ring(at)
  }
  return { requests, sent, run, alarms }
}

test('many wishes are one request, repeated until the key frame comes', () => {
  const { requests, sent, run } = setUp()
  for (let i = 0; i < 300; i++) requests.want(0)
  run(1200)
  expect(sent).toEqual([
    [0, false],
    [500, true],
    [1000, true],
  ])
  requests.satisfied()
  run(10_000)
  expect(sent).toHaveLength(3)
})

test('a new wish waits until 500 ms after the last request', () => {
  const { requests, sent, run } = setUp()
  requests.want(0)
  run(0)
  requests.satisfied()
  requests.want(100)
  run(499)
  expect(sent).toEqual([[0, false]])
  run(500)
  expect(sent[1]).toEqual([500, false])
})

test('one that is at hand needs no request', () => {
  const { requests, sent, run, alarms } = setUp()
  requests.want(0)
  requests.satisfied()
  run(1000)
  expect(sent).toEqual([])
  expect(alarms.size).toBe(0)
})

test('who never answers is asked less often; who cannot be reached is asked later', () => {
  let reachable = false
  const { requests, sent, run } = setUp(() => reachable)
  requests.want(0)
  run(900)
  reachable = true
  run(60_000)
  expect(sent[0]).toEqual([1000, false])
  expect(sent.length).toBeLessThan(40)
  expect((sent.at(-1)?.[0] ?? 0) - (sent.at(-2)?.[0] ?? 0)).toBe(2000)
})

import { expect, test } from 'vitest'
import { Recovery, recoveryTimes } from './recovery.ts'

const noPath = () => ({ code: 'no-path', reason: 'no path' }) as const
const { disconnected, answer, failed, retries } = recoveryTimes

function connected(): Recovery {
  const recovery = new Recovery(true, 0)
  recovery.connectionState('connecting', 100)
  recovery.connectionState('connected', 200)
  return recovery
}

/** Runs time on and notes what is done when. */
function play(recovery: Recovery, from: number, to: number): [number, string][] {
  const done: [number, string][] = []
  for (let now: number | undefined = from; now !== undefined && now <= to; now = recovery.nextTimeout(now)) {
    const action = recovery.due(now)
    if (action) done.push([now, action])
  }
  return done
}

test('a path that connects needs nothing', () => {
  const recovery = connected()
  expect(recovery.status(1_000, noPath)).toEqual({ status: 'connected' })
  expect(recovery.nextTimeout(1_000)).toBeUndefined()
  expect(play(recovery, 1_000, 1e9)).toEqual([])
})

test('a short interruption is left to mend itself', () => {
  const recovery = connected()
  recovery.connectionState('disconnected', 1_000)
  expect(recovery.status(1_500, noPath)).toEqual({ status: 'reconnecting', since: 1_000 })
  expect(recovery.due(1_000 + disconnected - 1)).toBeUndefined()
  recovery.connectionState('connected', 1_000 + disconnected - 1)
  expect(play(recovery, 5_000, 1e6)).toEqual([])
})

test('a longer one is restarted, then less and less often, now and then with a new connection', () => {
  const recovery = connected()
  recovery.connectionState('disconnected', 0)
  const actions = play(recovery, 1, 60_000)
  const times: number[] = [disconnected]
  for (const wait of [...retries, retries[3], retries[3]]) times.push((times.at(-1) ?? 0) + wait)
  expect(actions.map(([at]) => at)).toEqual(times.filter(at => at <= 60_000))
  expect(actions.map(([, action]) => action)).toEqual([
    'restart',
    'restart',
    'replace',
    'restart',
    'restart',
    'replace',
  ])
})

test('a failure is acted on at once', () => {
  const recovery = connected()
  recovery.connectionState('failed', 1_000)
  expect(recovery.due(1_000)).toBe('restart')
})

test('a failure after a restart waits its turn', () => {
  const recovery = connected()
  recovery.connectionState('failed', 1_000)
  recovery.due(1_000)
  recovery.connectionState('connecting', 1_100)
  recovery.connectionState('failed', 1_200)
  expect(recovery.due(1_200)).toBeUndefined()
  expect(recovery.due(1_000 + retries[0])).toBe('restart')
})

test('it is called failed after a while, with the reason; trying goes on; connected is connected', () => {
  const recovery = new Recovery(true, 0)
  recovery.connectionState('connecting', 10)
  expect(recovery.status(failed - 1, noPath)).toEqual({ status: 'connecting', since: 0 })
  expect(recovery.status(failed, noPath)).toEqual({ status: 'failed', since: 0, reason: 'no path', code: 'no-path' })
  expect(play(recovery, failed, 200_000).length).toBeGreaterThan(3)
  recovery.connectionState('connected', 200_000)
  expect(recovery.status(200_000, noPath)).toEqual({ status: 'connected' })
})

test('the time when the status turns to failed is one to look at', () => {
  const recovery = new Recovery(false, 0)
  expect(recovery.nextTimeout(0)).toBe(failed)
  expect(recovery.nextTimeout(failed)).toBeUndefined()
})

test('a first connection whose signals were lost is started again', () => {
  expect(play(new Recovery(true, 0), 0, answer)).toEqual([[answer, 'restart']])
})

test('an offer that nobody answers is made again, also on a path that works', () => {
  const recovery = connected()
  recovery.offering(true, 1_000)
  expect(play(recovery, 1_001, 60_000)).toEqual([[1_000 + answer, 'restart']])
  recovery.offering(true, 70_000)
  recovery.offering(false, 71_000)
  expect(play(recovery, 71_000, 1e6)).toEqual([])
})

test('nothing is due while signals cannot pass; once they can, a broken path comes first', () => {
  const recovery = connected()
  recovery.reachable(false, 500)
  recovery.connectionState('failed', 1_000)
  expect(play(recovery, 1_000, 60_000)).toEqual([])
  recovery.reachable(true, 60_000)
  expect(recovery.due(60_000)).toBe('restart')
})

test('a path that still works is left alone when signals pass again', () => {
  const recovery = connected()
  recovery.reachable(false, 500)
  recovery.reachable(true, 60_000)
  expect(play(recovery, 60_000, 1e6)).toEqual([])
})

test('another network is tried at once, though the old path still looks well', () => {
  const recovery = connected()
  recovery.tryNow(1_000)
  expect(recovery.due(1_000)).toBe('restart')
  expect(play(recovery, 1_000, 1e6)).toEqual([])
})

test('another network while the server is away is tried when it is back', () => {
  const recovery = connected()
  recovery.reachable(false, 500)
  recovery.tryNow(1_000)
  expect(recovery.due(2_000)).toBeUndefined()
  recovery.reachable(true, 3_000)
  expect(recovery.due(3_000)).toBe('restart')
})

test('what broke is told as the reason, and mended', () => {
  const recovery = new Recovery(true, 0)
  recovery.broken('the browsers could not agree', 100)
  expect(recovery.due(100 + retries[0])).toBe('restart')
  expect(recovery.status(failed, noPath)).toMatchObject({ reason: 'the browsers could not agree' })
})

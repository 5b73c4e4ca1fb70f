import { seededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { CallSimulation } from '../router/testing/call-simulation.ts'

test('a good network: everybody decodes everything through a pipe, in sync, and nothing is asked for twice', () => {
  const call = new CallSimulation({ random: seededRandom(1), link: { delayMs: 10 }, piped: true })
  const one = call.join()
  call.run(1000)
  const other = call.join()
  call.run(3000)
  expect(one.tracks.video.decoded).toBeGreaterThan(85)
  expect(one.tracks.audio.decoded).toBeGreaterThan(145)
  expect(other.tracks.video.decoded).toBeGreaterThan(55)
  expect(other.tracks.audio.decoded).toBeGreaterThan(95)
  expect(call.publishers.video.keyFrameRequests).toBeLessThanOrEqual(2)
  expect(call.router.counters()).toMatchObject({ nacked: 0, retransmitted: 0, unknown: 0, pipes: 2, pipedBad: 0 })
  expect(call.syncChecks).toBeGreaterThan(8)
  call.end()
})

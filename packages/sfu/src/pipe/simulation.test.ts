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

test('who joins late sees a picture within a second, also with some loss', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed)
    const link = { delayMs: 40, jitterMs: 10, loss: 0.01, reordering: 0.02 }
    const call = new CallSimulation({ random, link, signalSsrcs: seed % 2 === 0, piped: true })
    call.join()
    call.run(1500 + 500 * random())
    const joinedAt = call.now
    const late = call.join()
    call.run(joinedAt + 1000)
    expect(late.tracks.video.firstDecodedAt - joinedAt, `picture, seed ${seed}`).toBeLessThan(1000)
    expect(late.tracks.audio.firstDecodedAt - joinedAt, `sound, seed ${seed}`).toBeLessThan(200)
    call.end()
  }
})

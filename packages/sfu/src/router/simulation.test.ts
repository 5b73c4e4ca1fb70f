import { seededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { CallSimulation, type Kind } from './testing/call-simulation.ts'

/** More with `ROUTER_SEEDS=5000`. */
const seeds = Number(process.env.ROUTER_SEEDS ?? 200)

test.each([
  { piped: false, keyFrameRequests: [1], pipes: 0 },
  { piped: true, keyFrameRequests: [1, 2], pipes: 2 },
])('a good network: everybody decodes everything, and nothing is asked for twice (through a pipe: $piped)', row => {
  const call = new CallSimulation({ random: seededRandom(1), link: { delayMs: 10 }, piped: row.piped })
  const one = call.join()
  call.run(1000)
  const other = call.join()
  call.run(3000)
  expect(one.tracks.video.decoded).toBeGreaterThan(85)
  expect(one.tracks.audio.decoded).toBeGreaterThan(145)
  expect(other.tracks.video.decoded).toBeGreaterThan(55)
  expect(other.tracks.audio.decoded).toBeGreaterThan(95)
  expect(row.keyFrameRequests).toContain(call.publishers.video.keyFrameRequests)
  const { pipes } = row
  expect(call.router.counters()).toMatchObject({ nacked: 0, retransmitted: 0, unknown: 0, pipes, pipedBad: 0 })
  expect(call.syncChecks).toBeGreaterThan(8)
  call.end()
})

test('who joins late sees a picture within a second, also with some loss', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed)
    const link = { delayMs: 40, jitterMs: 10, loss: 0.01, reordering: 0.02 }
    const call = new CallSimulation({ random, link, signalSsrcs: seed % 2 === 0, piped: seed % 3 === 0 })
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

test(`bad networks: ${seeds} seeds`, () => {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      simulate(seed)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}, 600_000)

test('networks beyond repair: what is sent is right all the same', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed)
    const link = { delayMs: 100, jitterMs: 60, loss: 0.3, duplication: 0.1, reordering: 0.3, reorderingMs: 200 }
    const call = new CallSimulation({ random, link, signalSsrcs: seed % 2 === 0, piped: seed % 3 === 0 })
    live(call, random)
    call.end()
  }
})

function simulate(seed: number): void {
  const random = seededRandom(seed)
  const link = {
    delayMs: 5 + 60 * random(),
    jitterMs: 10 * random(),
    loss: 0.1 * random(),
    duplication: 0.03 * random(),
    reordering: 0.1 * random(),
  }
  const call = new CallSimulation({ random, link, signalSsrcs: random() < 0.5, piped: seed % 3 === 0 })
  live(call, random)
  for (const kind of ['video', 'audio'] as const) {
    call.publishers[kind].muted = false
    for (const subscriber of call.subscribers) call.pause(subscriber, kind, false)
  }
  call.run(call.now + 2500)
  for (const { tracks } of call.subscribers) {
    expect(call.now - tracks.video.lastDecodedAt, 'since the last frame').toBeLessThan(1200)
    expect(call.now - tracks.audio.lastDecodedAt, 'since the last sound').toBeLessThan(700)
  }
  expect(call.router.counters().historyBytes).toBeLessThan(1 << 20)
  call.end()
}

/** Three seconds in which much happens. */
function live(call: CallSimulation, random: () => number): void {
  call.join()
  while (call.now < 3000) {
    call.run(call.now + 150 + 600 * random())
    happen(call, random)
  }
}

function happen(call: CallSimulation, random: () => number): void {
  const kind: Kind = random() < 0.5 ? 'video' : 'audio'
  const publisher = call.publishers[kind]
  const subscriber = call.subscribers[Math.floor(random() * call.subscribers.length)]
  const events = [
    () => call.subscribers.length < 4 && call.join(random() < 0.2),
    () => subscriber && call.pause(subscriber, kind, random() < 0.5),
    () => subscriber && call.pause(subscriber, kind, false),
    () => {
      publisher.muted = random() < 0.5
    },
    () => publisher.restart(random() < 0.5),
    () => publisher.changeCodec(),
  ]
  events[Math.floor(random() * events.length)]?.()
}

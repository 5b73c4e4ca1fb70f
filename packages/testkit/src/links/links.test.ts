import { expect, test } from 'vitest'
import { seededRandom } from '../lossy-link.ts'
import { Bottleneck } from './bottleneck.ts'
import { Capacity } from './capacity.ts'
import { burstyLoss, policer, randomLoss } from './droppers.ts'
import { TcpFlow } from './tcp-flow.ts'
import { lteTrace, sawtooth, wifiTrace } from './traces.ts'

test('a capacity carries bits through its steps, and none while it is zero', () => {
  const capacity = new Capacity([
    { at: 0, bps: 1_000_000 },
    { at: 100, bps: 0 },
    { at: 200, bps: 500_000 },
  ])
  expect(capacity.bps(50)).toBe(1_000_000)
  expect(capacity.bps(150)).toBe(0)
  expect(capacity.finish(0, 50_000)).toBe(50)
  expect(capacity.finish(90, 20_000)).toBe(220)
  expect(capacity.bps(50)).toBe(1_000_000)
  expect(Capacity.steady(0).finish(0, 1)).toBe(Number.POSITIVE_INFINITY)
})

test('a bottleneck delivers in order at its rate, and drops what would wait too long', () => {
  const link = new Bottleneck<number>({ capacity: Capacity.steady(1_000_000), queueMs: 25, propagationMs: 5 })
  const sent = [0, 1, 2, 3].map(value => link.send(value, 1250, 0))
  expect(sent).toEqual([true, true, true, false])
  const arrived: [number | undefined, number, number][] = []
  for (let at = link.nextTimeout(); at < Number.POSITIVE_INFINITY; at = link.nextTimeout()) {
    arrived.push([link.receive(at), at, link.waitedMs])
  }
  expect(arrived).toEqual([
    [0, 15, 0],
    [1, 25, 10],
    [2, 35, 20],
  ])
  expect(link.dropped).toBe(1)
})

test('droppers drop their share: one by one, in bursts, above a rate', () => {
  const drops = (dropper: (bytes: number, now: number) => boolean) =>
    Array.from({ length: 20_000 }, (_, i) => dropper(1250, 5 * i))
  const share = (list: boolean[]) => list.filter(Boolean).length / list.length
  const bursts = (list: boolean[]) => list.filter((drop, i) => drop && !list[i - 1]).length
  const single = drops(randomLoss(seededRandom(1), 0.1))
  const burst = drops(burstyLoss(seededRandom(2), 0.1, 8))
  expect(share(single)).toBeCloseTo(0.1, 1)
  expect(share(burst)).toBeCloseTo(0.1, 1)
  expect(bursts(single)).toBeGreaterThan(4 * bursts(burst))
  expect(share(drops(policer(1_000_000, 5000)))).toBeCloseTo(0.5, 1)
})

test('traces come to their mean, and to the same for the same seed', () => {
  const average = (steps: readonly { at: number; bps: number }[]) =>
    steps.slice(1).reduce((sum, { at }, i) => sum + (at - (steps[i]?.at ?? 0)) * (steps[i]?.bps ?? 0), 0) /
    (steps.at(-1)?.at ?? 0)
  for (const make of [lteTrace, wifiTrace]) {
    const mean = average(make(seededRandom(3), 2_000_000, 300_000)) / 2_000_000
    expect(mean).toBeGreaterThan(0.7)
    expect(mean).toBeLessThan(1.4)
    expect(make(seededRandom(4), 1e6, 1000)).toEqual(make(seededRandom(4), 1e6, 1000))
    expect(make(seededRandom(4), 1e6, 1000)).not.toEqual(make(seededRandom(5), 1e6, 1000))
  }
  expect(average(sawtooth(0, 2_000_000, 1000, 10_000)) / 1e6).toBeCloseTo(0.9, 1)
})

test.each([50, 200, 1000])('a TCP connection fills a link with a queue of %i ms; two share it', queueMs => {
  const link = new Bottleneck<readonly [TcpFlow, number]>({
    capacity: Capacity.steady(4_000_000),
    queueMs,
    propagationMs: 25,
  })
  const begin = (): TcpFlow => {
    const flow: TcpFlow = new TcpFlow({
      send: (segment, bytes, now) => void link.send([flow, segment], bytes, now),
      returnMs: 25,
    })
    return flow
  }
  const flows = [begin(), begin()]
  const lengthMs = 60_000
  for (let now = 0; now < lengthMs; ) {
    for (let next = link.receive(now); next; next = link.receive(now)) next[0].receive(next[1], now)
    for (const flow of flows) if (now >= flow.nextTimeout()) flow.handleTimeout(now)
    now = Math.max(now, Math.min(link.nextTimeout(), ...flows.map(flow => flow.nextTimeout())))
  }
  const shares = flows.map(({ delivered }) => (delivered * 8000) / lengthMs / 4_000_000)
  expect((shares[0] as number) + (shares[1] as number)).toBeGreaterThan(0.85)
  for (const share of shares) expect(share).toBeGreaterThan(0.2)
})

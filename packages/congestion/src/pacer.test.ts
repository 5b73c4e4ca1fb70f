import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Lane, lanes, Pacer } from './pacer.ts'

/** What leaves until nothing waits, with the times. */
function drain<T>(pacer: Pacer<T>): { item: T; at: number }[] {
  const left: { item: T; at: number }[] = []
  for (let now = pacer.nextTimeout(); now < Number.POSITIVE_INFINITY; now = pacer.nextTimeout()) {
    const before = left.length
    for (let item = pacer.pop(now); item !== undefined; item = pacer.pop(now)) left.push({ item, at: now })
    expect(left.length).toBeGreaterThan(before)
  }
  return left
}

test('what fits the rate passes at once; a burst waits, and leaves at 2.5 times the target', () => {
  const pacer = new Pacer<number>({ targetBps: 1_000_000 })
  for (let now = 0; now < 1000; now += 10) expect(pacer.mayPass(lanes.others, 1250, now)).toBe(true)
  let passed = 0
  for (let i = 0; i < 20; i++) {
    if (pacer.mayPass(lanes.others, 1250, 2000)) passed++
    else pacer.push(i, lanes.others, 1250, 2000)
  }
  expect(passed).toBe(3)
  const left = drain(pacer)
  expect(left.map(({ item }) => item)).toEqual(Array.from({ length: 17 }, (_, i) => i + 3))
  expect((17 * 1250 * 8) / ((left.at(-1)?.at ?? 0) - 2000)).toBeCloseTo(2500, -3)
})

test('audio never waits; what waits leaves by importance, in order, padding last', () => {
  const pacer = new Pacer<string>({ targetBps: 100_000 })
  while (pacer.mayPass(lanes.others, 1200, 0));
  const waiting: [string, Lane][] = [
    ['padding', lanes.padding],
    ['tile 1', lanes.others],
    ['tile 2', lanes.others],
    ['screen', lanes.screen],
    ['speaker', lanes.speaker],
    ['again', lanes.retransmission],
  ]
  for (const [item, lane] of waiting) pacer.push(item, lane, 600, 0)
  expect(pacer.mayPass(lanes.audio, 100, 0)).toBe(true)
  expect(pacer.mayPass(lanes.others, 600, 1)).toBe(false)
  expect(drain(pacer).map(({ item }) => item)).toEqual(['again', 'speaker', 'screen', 'tile 1', 'tile 2', 'padding'])
})

test('a packet of a lane that goes before all that wait need not wait behind them', () => {
  const pacer = new Pacer<string>({ targetBps: 1_000_000 })
  pacer.push('tile', lanes.others, 1000, 0)
  expect(pacer.mayPass(lanes.speaker, 1000, 0)).toBe(true)
  expect(pacer.mayPass(lanes.others, 1000, 0)).toBe(false)
})

test('nothing waits longer than the bound, whatever the rate', () => {
  const anyLane = fc.constantFrom(...Object.values(lanes))
  const packet = fc.record({
    lane: anyLane,
    bytes: fc.integer({ min: 40, max: 1500 }),
    gap: fc.integer({ min: 0, max: 20 }),
  })
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 200 }), fc.integer({ min: 1, max: 10_000_000 }), (packets, targetBps) => {
      const pacer = new Pacer<{ made: number; order: number; lane: Lane }>({ targetBps })
      const last = new Map<Lane, number>()
      let now = 0
      let count = 0
      let orderly = true
      const pop = (until: number) => {
        for (let at = pacer.nextTimeout(); at <= until && at < Number.POSITIVE_INFINITY; at = pacer.nextTimeout()) {
          for (let item = pacer.pop(at); item; item = pacer.pop(at)) {
            orderly &&= at - item.made <= 250 && item.order > (last.get(item.lane) ?? -1)
            last.set(item.lane, item.order)
            count++
          }
        }
      }
      for (const [order, { lane, bytes, gap }] of packets.entries()) {
        pop(now + gap)
        now += gap
        if (pacer.mayPass(lane, bytes, now)) count++
        else pacer.push({ made: now, order, lane }, lane, bytes, now)
      }
      pop(Number.POSITIVE_INFINITY)
      return orderly && count === packets.length && pacer.length === 0 && pacer.queuedBytes === 0
    }),
  )
})

test('what no longer matters is taken out', () => {
  const pacer = new Pacer<number>({ targetBps: 100_000 })
  for (let i = 0; i < 40; i++) pacer.push(i, i % 2 ? lanes.others : lanes.screen, 1000, 0)
  pacer.removeIf(item => item % 4 !== 1)
  expect(pacer.length).toBe(10)
  expect(pacer.queuedBytes).toBe(10_000)
  expect(drain(pacer).map(({ item }) => item)).toEqual([1, 5, 9, 13, 17, 21, 25, 29, 33, 37])
})

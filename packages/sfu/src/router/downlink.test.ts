import { Capacity } from '@parley/testkit'
import { expect, test } from 'vitest'
import { wantAll } from '../control.ts'
import { ThinDownlink, thinForAWhile } from './testing/thin-downlink.ts'

/** The share of waits that were longer. */
function shareAbove(waits: readonly { at: number; ms: number }[], ms: number, from = 0): number {
  const late = waits.filter(({ at }) => at >= from)
  return late.filter(wait => wait.ms > ms).length / late.length
}

test('who has room gets the largest picture within three seconds, and nothing waits', () => {
  const call = new ThinDownlink(1)
  call.join(Capacity.steady(10_000_000))
  call.run(3000)
  expect(call.heightAt(3000)).toBe(720)
  call.run(10_000)
  expect(shareAbove(call.waits, 50)).toBeLessThan(0.02)
  expect(call.gaps).toBe(0)
})

test('while the estimate climbs after a join nobody calls the link thin; what stays thin is called so', () => {
  const wide = new ThinDownlink(6)
  wide.join(Capacity.steady(20_000_000))
  wide.run(30_000)
  expect(wide.heightAt(30_000, 5)).toBe(720)
  const thin = new ThinDownlink(6)
  thin.join(Capacity.steady(2_000_000))
  thin.run(30_000)
  expect(judgements(wide)).toEqual([{ score: 4 }])
  expect(judgements(thin)).toEqual([{ score: 4 }, { score: 3, reason: 'downlink-bandwidth' }])
})

test('2 Mbit/s, then 300 kbit/s, then 2 Mbit/s: down at once, without a queue that stays, and up again within 10 s', () => {
  const call = new ThinDownlink(1)
  call.join(thinForAWhile())
  call.run(60_000)
  expect(call.heightAt(15_000)).toBe(720)
  expect(call.heightAt(17_500)).toBe(180)
  expect(call.heightAt(34_900)).toBe(180)
  expect(call.heightAt(45_000)).toBe(720)
  expect(shareAbove(call.waits, 200, 18_000)).toBeLessThan(0.05)
  const changes = call.seen.filter(({ at }) => at > 20_000 && at < 35_000)
  expect(changes.length).toBeLessThanOrEqual(3)
})

test('nine pictures share a link: sound arrives, the important one is the largest', () => {
  const call = new ThinDownlink(9)
  const wants = Array.from({ length: 9 }, (_, i) => ({
    ...wantAll,
    priority: i === 4 ? ('high' as const) : wantAll.priority,
  }))
  call.join(Capacity.steady(4_200_000), 500, wants)
  call.run(20_000)
  expect(call.heightAt(20_000, 4)).toBe(720)
  for (const camera of [0, 1, 2, 3, 5, 6, 7, 8]) expect([180, 360]).toContain(call.heightAt(20_000, camera))
  const gaps = call.heardAt.slice(1).map((at, i) => at - (call.heardAt[i] as number))
  expect(Math.max(...gaps)).toBeLessThan(400)
})

test('one receiver’s thin link changes nothing for another', () => {
  const call = new ThinDownlink(1)
  call.join(Capacity.steady(10_000_000))
  call.join(Capacity.steady(250_000))
  call.run(10_000)
  expect(call.heightAt(10_000)).toBe(720)
  expect(call.seen.filter(({ at }) => at > 4000)).toEqual([])
})

test('a large picture leaves bit by bit, in order, and sound does not wait for it', () => {
  const call = new ThinDownlink(1)
  call.join(Capacity.steady(10_000_000))
  call.run(3000)
  expect(call.heightAt(3000)).toBe(720)
  // A key frame of 720 lines has 27 kB.
  expect(mostWithin(call.left, 5)).toBeLessThan(16_000)
  expect(call.gaps).toBe(0)
  const gaps = call.heardAt.slice(1).map((at, i) => at - (call.heardAt[i] as number))
  expect(Math.max(...gaps)).toBeLessThan(50)
})

test('who takes no retransmissions gets the largest picture, too: between pictures there is padding, which leaves no gap', () => {
  const call = new ThinDownlink(1)
  call.join(thinForAWhile(), 500, [], false)
  call.run(15_000)
  expect(call.heightAt(3000)).toBe(720)
  expect(call.gaps).toBe(0)
  call.run(60_000)
  expect(call.heightAt(18_000)).toBe(180)
  expect(call.heightAt(45_000)).toBe(720)
})

test('a receiver who waits for pictures, whose link cannot be probed, does not keep the router awake', () => {
  const call = new ThinDownlink(1, false)
  call.join(Capacity.steady(10_000_000), 500, [], false)
  for (let second = 1; second <= 12; second++) {
    const before = call.wakings
    call.run(second * 1000)
    expect(call.wakings - before).toBeLessThan(50)
  }
})

/** What was said of the quality of the first receiver's link. */
const judgements = ({ reports }: ThinDownlink) =>
  reports.flatMap(report => (report.is === 'quality' && report.transport === 100 ? report.quality : []))

/** The most bytes that left within so many ms. */
function mostWithin(left: readonly { at: number; bytes: number }[], ms: number): number {
  let most = 0
  let sum = 0
  let from = 0
  for (const { at, bytes } of left) {
    sum += bytes
    for (let first = left[from]; first && first.at <= at - ms; first = left[++from]) sum -= first.bytes
    most = Math.max(most, sum)
  }
  return most
}

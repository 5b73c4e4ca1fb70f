import { forEachArrival, type TransportFeedback } from '@parley/rtp'
import { expect, test } from 'vitest'
import { ArrivalFeedback } from './arrival-feedback.ts'

function told(feedbacks: readonly TransportFeedback[]): Map<number, number> {
  const all = new Map<number, number>()
  for (const feedback of feedbacks) forEachArrival(feedback, (number, us) => all.set(number, us))
  return all
}

test('tells when what arrived, in whatever order, over the wrap', () => {
  const arrivals = new ArrivalFeedback()
  for (const [i, number] of [65_534, 0, 65_535, 0, 3].entries()) arrivals.arrived(number, 1000 + i)
  const [feedback, ...rest] = arrivals.take(1, 2)
  expect(rest).toEqual([])
  expect(feedback).toMatchObject({ senderSsrc: 1, mediaSsrc: 2, baseSequenceNumber: 65_534, packetStatusCount: 6 })
  const all = told(feedback ? [feedback] : [])
  expect([...all.keys()]).toEqual([65_534, 65_535, 0, 3])
  expect((all.get(3) ?? 0) - (all.get(65_534) ?? 0)).toBe(4000)
  expect(arrivals.pending).toBe(0)
})

test('the next begins where the last ended, so that losses between them show', () => {
  const arrivals = new ArrivalFeedback()
  arrivals.arrived(10, 0)
  arrivals.take(1, 2)
  arrivals.arrived(13, 75)
  expect(arrivals.take(1, 2)[0]).toMatchObject({
    baseSequenceNumber: 11,
    packetStatusCount: 3,
    feedbackPacketCount: 1,
  })
})

test('one that was overtaken by a feedback is told after all', () => {
  const arrivals = new ArrivalFeedback()
  arrivals.arrived(10, 0)
  arrivals.arrived(12, 1)
  arrivals.take(1, 2)
  arrivals.arrived(11, 80)
  arrivals.arrived(13, 81)
  expect([...told(arrivals.take(1, 2)).keys()]).toEqual([11, 13])
})

test('a flood is bounded, and numbers that jump are told too', () => {
  const arrivals = new ArrivalFeedback()
  for (let i = 0; i < 10_000; i++) arrivals.arrived(i, i / 100)
  expect(arrivals.pending).toBe(512)
  expect(told(arrivals.take(1, 2)).size).toBe(512)
  arrivals.arrived(40_000, 200)
  expect(arrivals.take(1, 2)[0]).toMatchObject({ baseSequenceNumber: 40_000, packetStatusCount: 1 })
})

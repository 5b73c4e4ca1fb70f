import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FeedbackVisitor, SendHistory } from './send-history.ts'

/** Notes what a report says, in short. */
class Noted implements FeedbackVisitor {
  readonly said: string[] = []
  acknowledged(sentAt: number, arrivedAt: number, bytes: number, cluster: number, late: boolean): void {
    this.said.push(
      `${late ? 'late' : 'acknowledged'} ${sentAt} ${arrivedAt} ${bytes}${cluster ? ` of ${cluster}` : ''}`,
    )
  }
  lost(bytes: number): void {
    this.said.push(`lost ${bytes}`)
  }
  presumed(bytes: number): void {
    this.said.push(`presumed ${bytes}`)
  }
  take(): string[] {
    return this.said.splice(0)
  }
}

function report(baseSequenceNumber: number, deltas: readonly (number | undefined)[], referenceTime = 1) {
  return {
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequenceNumber,
    packetStatusCount: deltas.length,
    referenceTime,
    feedbackPacketCount: 0,
    arrivals: deltas.flatMap((delta, i) =>
      delta === undefined ? [] : [{ sequenceNumber: (baseSequenceNumber + i) & 0xffff, delta }],
    ),
  }
}

/** Sends packets of 100, 101 ... bytes, one a ms, from this number on. */
function sender(first: number, count: number): SendHistory {
  const history = new SendHistory()
  for (let i = 0; i < count; i++) history.sent((first + i) & 0xffff, 100 + i, i, i === 1 ? 7 : 0)
  return history
}

test('a report tells which packets arrived, when, and which did not, across the wrap of numbers', () => {
  const history = sender(0xfffe, 4)
  const noted = new Noted()
  expect(history.inFlightBytes).toBe(406)
  expect(history.feedback(report(0xfffe, [4, 8, undefined, 4]), noted)).toBe(4)
  expect(noted.take()).toEqual([
    'acknowledged 0 65 100',
    'acknowledged 1 67 101 of 7',
    'lost 102',
    'acknowledged 3 68 103',
  ])
  expect(history.inFlightBytes).toBe(0)
})

test('what a report says again counts once; what was lost may have come late', () => {
  const history = sender(10, 3)
  const noted = new Noted()
  history.feedback(report(10, [0, undefined, 0]), noted)
  noted.take()
  expect(history.feedback(report(10, [0, undefined, 0]), noted)).toBe(0)
  history.feedback(report(10, [0, 0, 0]), noted)
  expect(noted.take()).toEqual(['late 1 64 101 of 7'])
})

test('packets of a lost report are presumed; if it comes after all, they are not counted again', () => {
  const history = sender(0, 4)
  const noted = new Noted()
  history.feedback(report(2, [0, 0]), noted)
  expect(noted.take()).toEqual(['presumed 100', 'presumed 101', 'acknowledged 2 64 102', 'acknowledged 3 64 103'])
  history.feedback(report(0, [0, undefined]), noted)
  expect(noted.take()).toEqual(['late 0 64 0'])
})

test('packets that were never sent are passed over', () => {
  const noted = new Noted()
  expect(new SendHistory().feedback(report(5, [0, 0]), noted)).toBe(0)
  const history = sender(100, 2)
  expect(history.feedback(report(200, [0, 0, undefined]), noted)).toBe(0)
  expect(history.feedback(report(101, [0, 0, 0, undefined]), noted)).toBe(2)
  expect(noted.take()).toEqual(['presumed 100', 'acknowledged 1 64 101 of 7'])
})

test('the reference time wraps', () => {
  const history = sender(0, 2)
  const noted = new Noted()
  history.feedback(report(0, [0], 0xffffff), noted)
  history.feedback(report(1, [0], 0), noted)
  const [before, after] = noted.take().map(line => Number(line.split(' ')[2]))
  expect(Number(after) - Number(before)).toBe(64)
})

test('remembers what may still be reported on, and no more', () => {
  const noted = new Noted()
  const many = new SendHistory()
  for (let i = 0; i < 3000; i++) many.sent(i, 100, i / 2)
  expect(many.feedback(report(0, new Array(3000).fill(0)), noted)).toBe(3000)
  const history = new SendHistory()
  for (let i = 0; i < 3000; i++) history.sent(i, 100, 10 * i)
  expect(history.feedback(report(0, new Array(500).fill(0)), noted)).toBe(0)
  expect(history.inFlightBytes).toBeLessThanOrEqual(512 * 100)
})

test('whatever is sent and reported, what is in flight is what was sent and neither settled nor forgotten', () => {
  const step = fc.oneof(
    fc.record({ jump: fc.integer({ min: 0, max: 0xffff }) }),
    fc.record({ count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({
      base: fc.integer({ min: -50, max: 50 }),
      deltas: fc.array(fc.option(fc.integer({ min: -32768, max: 32767 }), { nil: undefined })),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const history = new SendHistory()
      let number = 0
      let sent = 0
      let settled = 0
      const visitor: FeedbackVisitor = {
        acknowledged(_sentAt, _arrivedAt, _bytes, _cluster, late) {
          if (!late) settled++
        },
        lost() {
          settled++
        },
        presumed() {
          settled++
        },
      }
      return steps.every((step, now) => {
        if ('jump' in step) number = step.jump
        else if ('deltas' in step) history.feedback(report((number + step.base) & 0xffff, step.deltas), visitor)
        else {
          for (let i = 0; i < step.count; i++) {
            number = (number + 1) & 0xffff
            history.sent(number, 1, now)
          }
          sent += step.count
        }
        return history.inFlightBytes >= 0 && history.inFlightBytes + settled <= sent
      })
    }),
  )
})

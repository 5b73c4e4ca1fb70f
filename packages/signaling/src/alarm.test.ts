import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Alarm } from './alarm.ts'

test('rings once at the earliest time asked for, with one timer', () => {
  const clock = new FakeClock(0)
  const rung: number[] = []
  const alarm = new Alarm(clock, () => rung.push(clock.now()))
  for (const time of [50, 30, 40]) alarm.set(time)
  expect(clock.pending).toBe(1)
  clock.advance(100)
  expect(rung).toEqual([30])
})

test('can be set again from inside, also for a time that has passed', () => {
  const clock = new FakeClock(0)
  const rung: number[] = []
  const alarm = new Alarm(clock, () => {
    rung.push(clock.now())
    if (rung.length < 3) alarm.set(rung.length === 1 ? 0 : 25)
  })
  alarm.set(10)
  clock.advance(100)
  expect(rung).toEqual([10, 10, 25])
})

test('is silent after it is closed', () => {
  const clock = new FakeClock(0)
  const alarm = new Alarm(clock, () => expect.unreachable())
  alarm.set(10)
  alarm.close()
  alarm.set(5)
  expect(clock.pending).toBe(0)
})

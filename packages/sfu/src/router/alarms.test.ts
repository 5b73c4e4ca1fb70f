import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Alarm, Alarms } from './alarms.ts'

test('rings in the order of time, each once, whatever was set and cleared', () => {
  const change = fc.record({ which: fc.nat(9), at: fc.option(fc.nat(100), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(change), changes => {
      const alarms = new Alarms()
      const rang: number[] = []
      const all = Array.from({ length: 10 }, (_, i) => new Alarm(() => rang.push(i)))
      const expected = new Map<number, number>()
      for (const { which, at } of changes) {
        if (at === undefined) {
          alarms.clear(all[which] as Alarm)
          expected.delete(which)
        } else {
          alarms.set(all[which] as Alarm, at)
          expected.set(which, at)
        }
        expect(alarms.next()).toBe(Math.min(...expected.values()))
        expect(alarms.size).toBe(expected.size)
      }
      alarms.ring(100)
      const times = rang.map(i => expected.get(i))
      expect(times).toEqual([...expected.values()].toSorted((one, other) => one - other))
      expect(alarms.next()).toBe(Number.POSITIVE_INFINITY)
    }),
  )
})

test('one that sets itself to now waits for the next call', () => {
  const alarms = new Alarms()
  let count = 0
  const alarm: Alarm = new Alarm(now => {
    count++
    alarms.set(alarm, now)
  })
  alarms.set(alarm, 5)
  alarms.ring(4)
  expect(count).toBe(0)
  alarms.ring(5)
  expect(count).toBe(1)
  alarms.ring(5)
  expect(count).toBe(2)
})

test('setBy only ever makes it earlier', () => {
  const alarms = new Alarms()
  const alarm = new Alarm(() => {})
  alarms.setBy(alarm, 10)
  alarms.setBy(alarm, 20)
  expect(alarms.next()).toBe(10)
  alarms.setBy(alarm, 5)
  expect(alarms.next()).toBe(5)
})

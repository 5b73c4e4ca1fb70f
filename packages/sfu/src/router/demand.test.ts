import { expect, test } from 'vitest'
import { Alarms } from './alarms.ts'
import { Demand } from './demand.ts'

function demand() {
  const alarms = new Alarms()
  const told: { at: number; layers: readonly boolean[] }[] = []
  let now = 0
  const demand = new Demand(alarms, layers => told.push({ at: now, layers }))
  const until = (end: number) => {
    for (let next = alarms.next(); next <= end; next = alarms.next()) {
      now = next
      alarms.ring(now)
    }
    now = end
  }
  return { alarms, told, demand, until, wants: (...wanted: boolean[]) => demand.is(wanted, now) }
}

test('what is wanted from the beginning is not told', () => {
  const { alarms, told, wants, until } = demand()
  wants(true, true)
  until(10_000)
  expect(told).toEqual([])
  expect(alarms.size).toBe(0)
})

test('off after two seconds in which nobody wants it, on at once', () => {
  const { told, wants, until } = demand()
  until(100)
  wants(true, false)
  until(2099)
  expect(told).toEqual([])
  until(5000)
  expect(told).toEqual([{ at: 2100, layers: [true, false] }])
  wants(true, true)
  expect(told.slice(1)).toEqual([{ at: 5000, layers: [true, true] }])
})

test('each encoding has its own two seconds, and who comes back in time changes nothing', () => {
  const { told, wants, until } = demand()
  wants(true, true, false)
  until(1000)
  wants(true, false, false)
  until(1500)
  wants(true, false, true)
  until(2999)
  expect(told).toEqual([])
  until(3000)
  expect(told).toEqual([{ at: 3000, layers: [true, false, true] }])
  wants(false, true, true)
  until(9000)
  expect(told.slice(1)).toEqual([
    { at: 3000, layers: [true, true, true] },
    { at: 5000, layers: [false, true, true] },
  ])
})

test('nothing at all is wanted; a new encoding counts as told that it is', () => {
  const { alarms, told, demand: of, wants, until } = demand()
  expect(of.isNone).toBe(false)
  wants(false)
  until(2000)
  expect(of.isNone).toBe(true)
  wants(false, false)
  expect(of.isNone).toBe(false)
  until(4000)
  expect(told.at(-1)).toEqual({ at: 4000, layers: [false, false] })
  wants(true, false)
  expect(of.isNone).toBe(false)
  expect(told.at(-1)?.layers).toEqual([true, false])
  wants(false, false)
  of.close()
  expect(alarms.size).toBe(0)
})

import { expect, test } from 'vitest'
import { Spending } from './spending.ts'

const own = { perSecond: 10, burst: 100 }
const shared = { perSecond: 20, burst: 300 }

test('who has spent all waits until it is paid off, however much it was', () => {
  const spending = new Spending(own, shared)
  const ann = { source: '192.0.2.1', costs: spending.budget(0) }
  spending.charge(ann, 0, 99)
  expect(spending.may(ann, 0)).toBe(true)
  spending.charge(ann, 0, 101)
  expect(spending.may(ann, 10_000)).toBe(false)
  expect(spending.may(ann, 10_100)).toBe(true)
})

test('new spenders do not fill the purse of their source, and a source in debt does not silence who spends little', () => {
  const spending = new Spending(own, shared)
  const come = (source = '2001:db8::1') => ({ source, costs: spending.budget(0) })
  const quiet = come()
  spending.charge(quiet, 0, 10)
  for (let i = 0; i < 6; i++) spending.charge(come(`2001:db8::${i}`), 0, 60)
  const next = come()
  expect(spending.may(next, 0)).toBe(true)
  spending.charge(next, 0, 60)
  expect(spending.may(next, 0)).toBe(false)
  expect(spending.may({ source: '2001:db8::9' }, 0)).toBe(false)
  expect(spending.may(quiet, 0)).toBe(true)
  const elsewhere = come('2001:db8:0:1::1')
  spending.charge(elsewhere, 0, 60)
  expect(spending.may(elsewhere, 0)).toBe(true)
})

test('sources that have paid are forgotten', () => {
  const spending = new Spending(own, shared)
  spending.charge({ source: '192.0.2.1' }, 0, 40)
  spending.charge({ source: '192.0.2.2' }, 0, 400)
  expect(spending.sources).toBe(2)
  spending.sweep(2000)
  expect(spending.sources).toBe(1)
  spending.sweep(20_000)
  expect(spending.sources).toBe(0)
})

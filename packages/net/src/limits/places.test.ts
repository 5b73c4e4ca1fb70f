import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Places } from './places.ts'

function places(most: number, perSource: number) {
  const ended: number[] = []
  return { ended, places: new Places<number>({ most, perSource, giveUp: holder => ended.push(holder) }) }
}

it('gives a source only so many, and IPv6 a /64', () => {
  const { places: shared, ended } = places(10, 2)
  expect([shared.enter('10.0.0.1', 1), shared.enter('10.0.0.1', 2), shared.enter('10.0.0.1', 3)]).toEqual([
    true,
    true,
    false,
  ])
  expect([shared.enter('2600::1', 4), shared.enter('2600::2', 5), shared.enter('2600::3', 6)]).toEqual([
    true,
    true,
    false,
  ])
  expect(shared.enter('2600:0:0:1::1', 7)).toBe(true)
  shared.leave(1)
  shared.leave(1)
  shared.leave(99)
  expect([shared.enter('10.0.0.1', 3), shared.enter('10.0.0.1', 3), shared.taken, ended]).toEqual([true, true, 5, []])
})

it('lets who has most give up its oldest for one who has less, when all are taken', () => {
  const { places: shared, ended } = places(4, 4)
  for (const holder of [1, 2, 3]) shared.enter('10.0.0.1', holder)
  shared.enter('10.0.0.2', 4)
  expect([shared.enter('10.0.0.1', 5), ended]).toEqual([false, []])
  expect([shared.enter('10.0.0.3', 6), ended]).toEqual([true, [1]])
  // Now two, one and one.
  expect([shared.enter('10.0.0.2', 7), shared.enter('10.0.0.4', 8), ended]).toEqual([false, true, [1, 2]])
  expect([shared.enter('10.0.0.5', 9), shared.taken]).toEqual([false, 4])
})

it('counts truly, whatever comes and goes', () => {
  const step = fc.record({ host: fc.integer({ min: 1, max: 4 }), holder: fc.nat(20), comes: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const inside = new Map<number, number>()
      const shared = new Places<number>({ most: 6, perSource: 3, giveUp: holder => inside.delete(holder) })
      for (const { host, holder, comes } of steps) {
        const known = inside.has(holder)
        if (!comes) {
          shared.leave(holder)
          inside.delete(holder)
        } else if (shared.enter(`10.0.0.${host}`, holder) && !known) inside.set(holder, host)
        expect(shared.taken).toBe(inside.size)
        expect(shared.sources).toBe(new Set(inside.values()).size)
        expect(inside.size).toBeLessThanOrEqual(6)
      }
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stableOrder } from './order.ts'

describe('stableOrder', () => {
  it('appends who comes, closes the gap of who goes', () => {
    let order = stableOrder([], ['me', 'ann'])
    order = stableOrder(order, ['me', 'zoe', 'ann'])
    expect(order).toEqual(['me', 'ann', 'zoe'])
    expect(stableOrder(order, ['zoe', 'me'])).toEqual(['me', 'zoe'])
  })

  it('is the same object while nobody comes or goes, whatever order they are listed in', () => {
    const order = stableOrder([], ['a', 'b', 'c'])
    expect(stableOrder(order, ['c', 'a', 'b'])).toBe(order)
  })

  it('never swaps two who stay, and holds exactly those who are present', () => {
    const keys = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'))
    fc.assert(
      fc.property(keys, keys, (previous, present) => {
        const next = stableOrder(previous, present)
        expect([...next].toSorted()).toEqual([...present].toSorted())
        const stayed = previous.filter(key => present.includes(key))
        expect(next.filter(key => stayed.includes(key))).toEqual(stayed)
      }),
    )
  })
})

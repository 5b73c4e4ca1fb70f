import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterNames, filters } from './filters.ts'
import { contrast, identity, inTurn, recolour, saturation, tint } from './matrix.ts'

const orange = [0.8, 0.5, 0.2] as const
const part = fc.double({ min: 0, max: 1, noNaN: true })
const colour = fc.tuple(part, part, part)

const near = (values: readonly number[]) => values.map(value => expect.closeTo(value, 5))

describe('a colour matrix', () => {
  it('may leave colours alone', () => {
    expect(recolour(identity, orange)).toEqual([...orange])
    expect(recolour(saturation(1), orange)).toEqual(near(orange))
    expect(recolour(contrast(1), orange)).toEqual(near(orange))
  })

  it('takes the colour out', () => {
    const [r, g, b] = recolour(saturation(0), orange)
    expect([g, b]).toEqual(near([r ?? 0, r ?? 0]))
  })

  it('does one after the other, the first first', () => {
    fc.assert(
      fc.property(colour, given => {
        // Within the range, where nothing is cut off.
        const first = tint(0.5, 0.4, 0.3, 0.2)
        const then = contrast(0.5)
        const [r = 0, g = 0, b = 0] = recolour(first, given)
        expect(recolour(inTurn(first, then), given)).toEqual(near(recolour(then, [r, g, b])))
      }),
    )
  })

  it('never leaves the range of colours', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom(...filterNames), (given, name) => {
        for (const value of recolour(filters[name], given)) expect(value >= 0 && value <= 1).toBe(true)
      }),
    )
  })
})

describe('the filters', () => {
  const grey = [0.5, 0.5, 0.5] as const

  it('warm is redder than blue, cool the other way round', () => {
    const [warmRed = 0, , warmBlue = 0] = recolour(filters.warm, grey)
    const [coolRed = 0, , coolBlue = 0] = recolour(filters.cool, grey)
    expect(warmRed).toBeGreaterThan(warmBlue + 0.1)
    expect(coolBlue).toBeGreaterThan(coolRed + 0.1)
  })

  it('black and white has no colour; sepia has one; vivid has more', () => {
    const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
    expect(spread(recolour(filters.mono, orange))).toBeCloseTo(0, 5)
    expect(spread(recolour(filters.sepia, grey))).toBeGreaterThan(0.1)
    expect(spread(recolour(filters.vivid, orange))).toBeGreaterThan(spread(orange))
    expect(spread(recolour(filters.fade, orange))).toBeLessThan(spread(orange))
  })
})

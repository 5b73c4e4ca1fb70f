import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EffectsChoice, isPlain, parseChoice, plainChoice } from './choice.ts'

const everything: EffectsChoice = {
  background: { kind: 'blur', strength: 'strong' },
  filter: 'sepia',
  light: true,
  smoothing: 'light',
  sticker: 'crown',
}

describe('a stored choice', () => {
  it('comes back as it was', () => {
    expect(parseChoice(JSON.parse(JSON.stringify(everything)))).toEqual(everything)
    const behind: EffectsChoice = { ...plainChoice, background: { kind: 'image', image: 'own' } }
    expect(parseChoice(behind)).toEqual(behind)
  })

  it.each([undefined, null, 7, 'blur', [], {}])('is plain where nothing of use was stored: %j', stored => {
    expect(parseChoice(stored)).toEqual(plainChoice)
  })

  it('keeps what is known and drops what is not', () => {
    const stored = {
      ...everything,
      filter: 'ultraviolet',
      background: { kind: 'blur', strength: 'terrible' },
      light: 1,
    }
    expect(parseChoice(stored)).toEqual({ ...everything, filter: 'none', background: { kind: 'none' }, light: false })
  })

  it('is always a choice, whatever was stored', () => {
    fc.assert(
      fc.property(fc.anything(), stored => {
        const choice = parseChoice(stored)
        expect(parseChoice(choice)).toEqual(choice)
      }),
    )
  })
})

it('only the choice of nothing is plain', () => {
  expect(isPlain(plainChoice)).toBe(true)
  for (const [name, value] of Object.entries(everything)) {
    expect(isPlain({ ...plainChoice, [name]: value }), name).toBe(false)
  }
})

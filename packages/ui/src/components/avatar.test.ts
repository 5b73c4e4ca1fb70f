import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hueOf, initials } from './avatar.tsx'

describe('initials', () => {
  it.each([
    ['Ann', 'A'],
    ['ann lee', 'AL'],
    ['Ann Mary Lee', 'AL'],
    ['Ann (2)', 'A'],
    ['王小明', '小明'],
    ['李雷', '李雷'],
    ['zoë-müller', 'ZM'],
    ['@bob', 'B'],
    ['👋', '?'],
    ['', '?'],
  ])('%s → %s', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })

  it('never fails and never grows', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), name => [...initials(name)].length <= 4))
  })
})

it('gives the same person the same hue, and people different ones', () => {
  expect(hueOf('u-1')).toBe(hueOf('u-1'))
  expect(new Set(Array.from({ length: 100 }, (_, index) => hueOf(`guest-${index}`))).size).toBeGreaterThan(15)
})

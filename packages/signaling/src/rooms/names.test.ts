import { displayName } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Names } from './names.ts'

test('a second person of the same name gets a number, the same person does not', () => {
  const names = new Names()
  expect(names.claim('ann', 'Ann')).toBe('Ann')
  expect(names.claim('ann', 'Ann')).toBe('Ann')
  expect(names.claim('anna', 'Ann')).toBe('Ann (2)')
  expect(names.claim('anna', 'Ann')).toBe('Ann (2)')
  expect(names.claim('annie', 'Ann')).toBe('Ann (3)')
})

test.each([
  ['Ann', 'ann'],
  ['Ann', 'A\u200bnn'],
  ['Ann', 'Ann'],
  ['Ann Lee', 'Ann  Lee'],
])('%j and %j look alike', (one, other) => {
  const names = new Names()
  names.claim('ann', one)
  expect(names.claim('mallory', other)).toBe(`${other} (2)`)
})

test('a name is free when its last seat is', () => {
  const names = new Names()
  names.claim('ann', 'Ann')
  names.claim('ann', 'Ann')
  names.release('Ann')
  expect(names.claim('anna', 'Ann')).toBe('Ann (2)')
  names.release('Ann')
  expect(names.claim('annie', 'Ann')).toBe('Ann')
})

test('a name with its number is still a name', () => {
  const names = new Names()
  const long = `${'😀'.repeat(31)}ab`
  names.claim('0', long)
  for (let i = 1; i < 12; i++) expect(displayName.parse(names.claim(`${i}`, long))).toMatch(/ \(\d+\)$/)
})

test('no two people ever have the same name', () => {
  const wish = fc.record({
    identity: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.constantFrom('X', 'x', 'X (2)', 'x (3)'),
  })
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 30 }), wishes => {
      const names = new Names()
      const owners = new Map<string, string>()
      for (const { identity, name } of wishes) {
        const given = names.claim(identity, name).toLowerCase()
        expect(owners.get(given) ?? identity).toBe(identity)
        owners.set(given, identity)
      }
    }),
  )
})

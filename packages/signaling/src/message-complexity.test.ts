import { expect, test } from 'vitest'
import { isTooComplex } from './message-complexity.ts'
import { samples } from './testing/samples.ts'

test('no valid message is too complex', () => {
  for (const sample of Object.values(samples)) expect(isTooComplex(sample)).toBe(false)
  const tracks = Array.from({ length: 512 }, () => ({ participant: 'p', track: 't', state: 'on' }))
  expect(isTooComplex({ room: 'x', tracks })).toBe(false)
})

test('what has too many parts, or is nested too deep, is', () => {
  expect(isTooComplex(new Array(7000).fill(1))).toBe(true)
  expect(isTooComplex({ a: new Array(80).fill(new Array(80).fill(1)) })).toBe(true)
  expect(isTooComplex(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe(true)
  expect(isTooComplex(JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`))).toBe(true)
})

import { expect, test } from 'vitest'
import { isModest } from './modest.ts'
import { samples } from './testing/samples.ts'

test('every good message is modest', () => {
  for (const sample of Object.values(samples)) expect(isModest(sample)).toBe(true)
  const tracks = Array.from({ length: 512 }, () => ({ participant: 'p', track: 't', state: 'on' }))
  expect(isModest({ room: 'x', tracks })).toBe(true)
})

test('what has too many parts, or is nested too deep, is not', () => {
  expect(isModest(new Array(5000).fill(1))).toBe(false)
  expect(isModest({ a: new Array(70).fill(new Array(70).fill(1)) })).toBe(false)
  expect(isModest(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe(false)
  expect(isModest(JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`))).toBe(false)
})

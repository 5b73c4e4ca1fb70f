import { expect, test } from 'vitest'
import { h264Profile } from './h264-profile.ts'

test.each([
  ['42e01f', 'constrained-baseline'],
  ['42E034', 'constrained-baseline'],
  ['42001f', 'baseline'],
  ['4d801f', 'constrained-baseline'],
  ['4d001f', 'main'],
  ['58c01f', 'constrained-baseline'],
  ['58801f', 'baseline'],
  ['64001f', 'high'],
  ['640c1f', 'constrained-high'],
  ['f4001f', 'high-4:4:4'],
  [undefined, 'baseline'],
  ['42e11f', 'constrained-baseline'],
  ['42e0', 'constrained-baseline'],
  ['422001f', 'constrained-baseline'],
  ['4d48', 'main'],
  ['4d4c1f', 'main'],
  ['6408', 'high'],
  ['64101f', 'high'],
  ['6e0828', 'high-10'],
  ['6e80028', 'high-10'],
  ['2c001f', '2c00'],
])('profile-level-id %s is %s (RFC 6184 §8.1)', (id, profile) => {
  expect(h264Profile(id)).toBe(profile)
})

test.each(['', '42', '42e01f0', 'zzzzzz', '0x42e0', '42e01f1f'])('%j is no profile', id => {
  expect(h264Profile(id)).toBeUndefined()
})

import { describe, expect, test } from 'vitest'
import { connects, networks } from './pairs.ts'

describe('which pairs connect directly', () => {
  test.each([
    ['symmetric', 'symmetric', 'relay'],
    ['symmetric', 'port-restricted cone', 'relay'],
    ['symmetric', 'restricted cone', 'direct'],
    ['symmetric', 'full cone', 'direct'],
    ['symmetric', 'open', 'direct'],
    ['port-restricted cone', 'port-restricted cone', 'direct'],
    ['open', 'UDP blocked', 'relay'],
  ] as const)('%s and %s: %s', (one, two, expected) => expect(connects(one, two)).toBe(expected))

  test('the order does not matter', () => {
    for (const one of networks) for (const two of networks) expect(connects(one, two)).toBe(connects(two, one))
  })
})

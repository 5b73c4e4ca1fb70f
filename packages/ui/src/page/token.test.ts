import { describe, expect, it } from 'vitest'
import { splitToken } from './token.ts'

describe('splitToken', () => {
  it.each([
    ['#token=a.b.c', 'a.b.c', ''],
    ['#token=a%2Bb', 'a+b', ''],
    ['#x=1&token=t&y=2', 't', '#x=1&y=2'],
    ['#token=', undefined, ''],
    ['', undefined, ''],
    ['#tokens=t', undefined, '#tokens=t'],
  ])('%s', (fragment, token, rest) => {
    expect(splitToken(fragment)).toEqual({ token, rest })
  })
})

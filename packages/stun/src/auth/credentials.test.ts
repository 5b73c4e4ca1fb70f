import { toHex } from '@parley/bytes'
import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../node.ts'
import { longTermKey, shortTermKey, userhash } from './credentials.ts'

const user = { username: 'user', realm: 'realm', password: 'pass' }

test('the long-term key of RFC 8489 §9.2.2', () => {
  expect(toHex(longTermKey(user, nodeCrypto))).toBe('8493fbc53ba582fb4c044c456bdc40eb')
  expect(longTermKey({ ...user, algorithm: 'md5' }, nodeCrypto)).toEqual(longTermKey(user, nodeCrypto))
  expect(longTermKey({ ...user, algorithm: 'sha256' }, nodeCrypto)).toEqual(
    nodeCrypto.digest('sha256', new TextEncoder().encode('user:realm:pass')),
  )
})

test('realm and password are prepared, the user name is hashed as it was sent', () => {
  const composed = longTermKey({ ...user, password: 'caf\u00e9' }, nodeCrypto)
  expect(longTermKey({ ...user, password: 'cafe\u0301' }, nodeCrypto)).toEqual(composed)
  expect(longTermKey({ ...user, username: 'cafe\u0301' }, nodeCrypto)).not.toEqual(
    longTermKey({ ...user, username: 'caf\u00e9' }, nodeCrypto),
  )
  expect(() => longTermKey({ ...user, password: '' }, nodeCrypto)).toThrow(RangeError)
})

test('the short-term key is the password', () => {
  expect(toHex(shortTermKey('é!'))).toBe('c3a921')
  expect(() => shortTermKey('a\u0000')).toThrow('U+0000 cannot be part of a name or password')
})

test('USERHASH hashes name and realm', () => {
  const expected = nodeCrypto.digest('sha256', new TextEncoder().encode('user:realm'))
  expect(userhash('user', 'realm', nodeCrypto)).toEqual(expected)
})

describe('nodeCrypto', () => {
  const key = new TextEncoder().encode('Jefe')
  const data = new TextEncoder().encode('what do ya want for nothing?')

  test.each([
    ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ] as const)('HMAC-%s of RFC 2202 and RFC 4231, in one part and in several', (hash, expected) => {
    expect(toHex(nodeCrypto.hmac(hash, key, [data]))).toBe(expected)
    expect(toHex(nodeCrypto.hmac(hash, key, [data.subarray(0, 5), new Uint8Array(), data.subarray(5)]))).toBe(expected)
  })

  test('MD5 of RFC 1321', () => {
    expect(toHex(nodeCrypto.digest('md5', new TextEncoder().encode('message digest')))).toBe(
      'f96b697d7cb7938d525a2f31aaf161d0',
    )
  })
})

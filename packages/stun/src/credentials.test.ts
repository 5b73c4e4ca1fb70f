import { toHex } from '@parley/bytes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { longTermKey, opaqueString, shortTermKey } from './credentials.ts'
import { nodeCrypto } from './node.ts'

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

describe('OpaqueString: the examples of RFC 8265 §4.3', () => {
  test.each([
    ['correct horse battery staple', 'correct horse battery staple'],
    ['Correct Horse Battery Staple', 'Correct Horse Battery Staple'],
    ['\u03c0\u00df\u00e5', '\u03c0\u00df\u00e5'],
    ['Jack of \u2666s', 'Jack of \u2666s'],
    ['foo\u1680bar', 'foo bar'],
  ])('%j becomes %j', (text, prepared) => {
    expect(opaqueString(text)).toBe(prepared)
  })

  test('zero-length, and a control character', () => {
    expect(() => opaqueString('')).toThrow(RangeError)
    expect(() => opaqueString('my cat is a \u0009by')).toThrow('U+0009')
  })

  test('compatibility characters stay, composition is made', () => {
    expect(opaqueString('\u2168\u00aa')).toBe('\u2168\u00aa')
    expect(opaqueString('e\u0301')).toBe('\u00e9')
  })

  test.each(['\u00ad', '\u200d', '\ud800', '\u0378', '\ue000', '\ufe0f'])('%j is refused', text => {
    expect(() => opaqueString(text)).toThrow(RangeError)
  })
})

test('preparing twice is preparing once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), text => {
      let once: string
      try {
        once = opaqueString(text)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
        return
      }
      expect(opaqueString(once)).toBe(once)
    }),
  )
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

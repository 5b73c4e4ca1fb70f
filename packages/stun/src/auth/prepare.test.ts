import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opaqueString, saslprep } from './prepare.ts'

describe('SASLprep: the examples of RFC 4013 §3', () => {
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
  ])('%j becomes %j', (text, prepared) => {
    expect(saslprep(text)).toBe(prepared)
  })

  test('prohibited character', () => {
    expect(() => saslprep('\u0007')).toThrow('U+0007 cannot be part of a name or password')
  })

  test('directions', () => {
    expect(() => saslprep('\u0627\u0031')).toThrow('Right-to-left text must not be mixed with left-to-right')
  })
})

describe('SASLprep', () => {
  test.each([
    ['a\u00a0b\u3000c', 'a b c'],
    ['a\u200bb', 'a b'],
    ['\ufb01', 'fi'],
    ['e\u0301', '\u00e9'],
    ['\uff41', 'a'],
    ['\u0627\u0644\u0631\u0628', '\u0627\u0644\u0631\u0628'],
    ['\u05d0 1 \u05d1', '\u05d0 1 \u05d1'],
    ['', ''],
  ])('%j becomes %j', (text, prepared) => {
    expect(saslprep(text)).toBe(prepared)
  })

  test.each([
    '\u0627a\u0627',
    'a\u05d0',
    '1\u05d0',
    '\ud800',
    '\ue000',
    '\u200f',
    '\u2028',
    '\ufffd',
    '\u{e0041}',
    '\uffff',
  ])('%j is refused', text => {
    expect(() => saslprep(text)).toThrow(RangeError)
  })
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
      for (const prepare of [saslprep, opaqueString]) {
        let once: string
        try {
          once = prepare(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          continue
        }
        if (once !== '') expect(prepare(once)).toBe(once)
      }
    }),
  )
})

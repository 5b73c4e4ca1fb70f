import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayName, isBlank, likeness, requests, roomName, roomNameOf, tokenClaims, visibleText } from './index.ts'

/** What shows nothing; from the reports, and brothers of these. */
const nothing = [
  ...'\u200b\u3164\u2800\u00ad\u034f\ufe0f\u2061\u{e0041}\u200c\u200d\u2060\ufeff\u115f\u1160\uffa0\u17b4\u180e\u061c',
  ...'\u{1d173}\u{1bca0}\u{e0001}\u{e0100}\u180b\u206f\u00a0\u3000\u2003\u1680\ufff9\u{1d159}\u{13430}\u{16fe4}',
]

test.each(nothing)('%j alone is nobody’s name, no room’s, no message', character => {
  for (const text of [character, character.repeat(3), ` ${character} ${character}`]) {
    expect(visibleText(text)).toBe('')
    expect(isBlank(text)).toBe(true)
    expect(displayName.safeParse(text).success).toBe(false)
    expect(roomName.safeParse(text).success).toBe(false)
    expect(requests['chat.send'].input.safeParse({ room: 'tea', id: '1', text }).success).toBe(false)
    expect(requests['reaction.send'].input.safeParse({ room: 'tea', emoji: text }).success).toBe(false)
  }
})

test.each(nothing)('%j within a name changes nothing', character => {
  expect(displayName.parse(`${character}Ann${character}`)).toBe('Ann')
  expect(likeness(`A${character}nn`).replace(' ', '')).toBe('ann')
})

test.each([
  '👩‍👩‍👧',
  '👩🏽‍💻',
  '❤️',
  '1️⃣',
  '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  'می‌خواهم',
  'क्‍ष',
  '葛\u{e0100}',
  '🏳️‍🌈',
  '日本',
  "D'Arcy-Łuk",
])('%s keeps what it is written with', text => {
  expect(visibleText(text)).toBe(text)
  expect(displayName.parse(text)).toBe(text)
})

test.each([
  ['cafe\u0301', 'café'],
  ['\u1112\u1161\u11ab', '한'],
  ['Å', 'Å'],
])('%j is composed', (text, composed) => {
  expect(visibleText(text)).toBe(composed)
})

describe('one room, however it is written', () => {
  test.each([
    ['tea', ['Tea', 'TEA', 'tea ', ' tea', 'ｔｅａ', 't\u200bea', 'tea\u3164', 'te\u00ada\u2800']],
    ['café', ['cafe\u0301', 'CAFÉ', 'CAFE\u0301']],
    ['strasse', ['straße', 'STRASSE', 'STRAẞE']],
    ['οδοσ', ['οδος', 'ΟΔΟΣ']],
    ['周会-1', ['周会-１']],
  ])('%s', (name, spellings) => {
    for (const spelling of [name, ...spellings]) {
      expect(roomName.parse(spelling)).toBe(name)
      expect(tokenClaims.parse({ sub: 'ann', room: spelling }).room).toBe(name)
    }
  })

  test.each(['', 'a b', 'a\n', '\u3164', '-a'])('%j is none', text => {
    expect(roomName.safeParse(text).success).toBe(false)
  })
})

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...nothing, 'A', 'ß', 'ς', 'İ', 'ﬁ', 'e', '\u0301', '👩', '❤', '🏴', ' ', 'क', '\u094d'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''))

test('doing it twice is doing it once, and what is the same to see is the same', () => {
  fc.assert(
    fc.property(text, text => {
      for (const norm of [visibleText, likeness, roomNameOf]) expect(norm(norm(text))).toBe(norm(text))
      expect(likeness(visibleText(text))).toBe(likeness(text))
      expect(isBlank(visibleText(text))).toBe(isBlank(text))
      expect(roomNameOf(text.normalize('NFD'))).toBe(roomNameOf(text))
      expect(roomNameOf(text.toUpperCase())).toBe(roomNameOf(text))
    }),
    { numRuns: 2000 },
  )
})

test('long text costs little', () => {
  for (const piece of ['\u200d', '\u{e0041}', '🏴\u{e0041}', 'a\u200d', '\ufe0f', ' ', 'क\u200d']) {
    const long = piece.repeat(100_000 / piece.length)
    const cost = () => {
      const before = performance.now()
      visibleText(long.slice(0, 512))
      likeness(long)
      return performance.now() - before
    }
    // Others use the machine, too: what is slow by itself is slow every time.
    let tries = 1
    while (cost() >= 500) expect(tries++).toBeLessThan(10)
  }
})

test('a reaction is an emoji, whatever it is made of, and nothing that can be read', () => {
  const fits = (emoji: string) => requests['reaction.send'].input.safeParse({ room: 'tea', emoji }).success
  for (const emoji of ['👍', '❤️', '👋🏽', '👨‍👩‍👧‍👦', '🇪🇺', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '3️⃣']) expect(fits(emoji), emoji).toBe(true)
  for (const words of ['', 'buy', '42', '👍 buy', 'b👍', '👍b']) expect(fits(words), words).toBe(false)
})

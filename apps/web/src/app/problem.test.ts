import { errorCodes } from '@parley/protocol/errors'
import { describe, expect, it } from 'vitest'
import english from '../locales/en/index.ts'
import chinese from '../locales/zh/index.ts'
import { problemWords } from './problem.ts'

type Texts = Readonly<Record<string, string>>

describe.each([english, chinese])('the words for each error of the server', ({ common }) => {
  it.each(Object.keys(errorCodes) as (keyof typeof errorCodes)[])('%s', code => {
    const texts: Texts = common
    for (const part of ['title', 'hint']) expect(texts[`problem.${problemWords(code)}.${part}`]).toMatch(/\S/)
  })
})

it('who is kept out reads why and the way on, not that something did not work', () => {
  expect(problemWords('removed')).toBe('removed')
  expect(english.common['problem.removed.hint']).toContain('Ask them')
  expect(problemWords('network-barred')).toBe('network-barred')
  expect(english.common['problem.network-barred.hint']).toContain('another network')
})

it('a code that only a newer server knows has words too', () => {
  expect(problemWords(JSON.parse('"from-tomorrow"'))).toBe('unknown')
})

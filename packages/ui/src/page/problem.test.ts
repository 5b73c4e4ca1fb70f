import { errorCodes } from '@parley/protocol/errors'
import { describe, expect, it } from 'vitest'
import english from '../locales/en.ts'
import chinese from '../locales/zh.ts'
import { problemWords } from './problem.ts'

type Texts = Readonly<Record<string, string>>

describe.each<Texts>([english, chinese])('the words for each error of the server', texts => {
  it.each(Object.keys(errorCodes) as (keyof typeof errorCodes)[])('%s', code => {
    for (const part of ['title', 'hint']) expect(texts[`problem.${problemWords(code)}.${part}`]).toMatch(/\S/)
  })
})

it('who is kept out reads why and the way on, not that something did not work', () => {
  expect(problemWords('removed')).toBe('removed')
  expect(english['problem.removed.hint']).toContain('Ask them')
  expect(problemWords('network-barred')).toBe('network-barred')
  expect(english['problem.network-barred.hint']).toContain('another network')
})

it('a code that only a newer server knows has words too', () => {
  expect(problemWords(JSON.parse('"from-tomorrow"'))).toBe('unknown')
})

import { describe, expect, it } from 'vitest'
import english from './en/index.ts'
import chinese from './zh/index.ts'

type Texts = Readonly<Record<string, string>>

const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(match => match[1]).sort()

describe.each(Object.keys(english) as (keyof typeof english)[])('the texts of %s', area => {
  const en: Texts = english[area]
  const zh: Texts = chinese[area]

  it('say the same with the same holes in both languages', () => {
    for (const [key, text] of Object.entries(zh)) {
      const original = en[key]
      expect(original, key).toBeTypeOf('string')
      expect(holes(text), key).toEqual(holes(original ?? ''))
    }
  })

  it('are complete', () => {
    const missing = Object.keys(en).filter(key => !key.endsWith('_one') && !zh[key]?.trim())
    expect(missing).toEqual([])
  })
})

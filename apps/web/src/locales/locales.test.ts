import { describeTranslation, namespacesIn, unusedKeys } from '@parley/ui/testing'
import { expect, it } from 'vitest'
import english from './en/index.ts'
import chinese from './zh/index.ts'

const sources = Object.values(
  import.meta.glob<string>(['../**/*.{ts,tsx}', '!**/*.test.*', '!./**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const { common: _common, diagnostics: _diagnostics, ...own } = english

for (const [area, texts] of Object.entries(own)) {
  describeTranslation(area, texts, chinese[area as keyof typeof own])
  it(`every text of ${area} is said somewhere`, () => expect(unusedKeys(texts, sources)).toEqual([]))
}

// The compiler knows the texts of both apps, since it sees both at once.
it('no text is taken from the other app', () => {
  expect(Object.keys(english)).toEqual(expect.arrayContaining([...namespacesIn(sources)]))
})

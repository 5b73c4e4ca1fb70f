import { describeTranslation, unusedKeys } from '@parley/ui/testing'
import { expect, it } from 'vitest'
import english from './en.ts'
import chinese from './zh.ts'

const sources = Object.values(
  import.meta.glob<string>(
    ['../**/*.{ts,tsx}', '../../../../apps/{web,lab}/src/**/*.{ts,tsx}', '!**/*.test.*', '!**/locales/**'],
    { query: '?raw', import: 'default', eager: true },
  ),
)

describeTranslation('calls', english, chinese)
it('every text is said somewhere', () => expect(unusedKeys(english, sources)).toEqual([]))

import { expect, it } from 'vitest'
import { describeTranslation, unusedKeys } from '../testing/texts.ts'
import english from './en.ts'
import chinese from './zh.ts'

const sources = Object.values(
  import.meta.glob<string>(
    ['../**/*.{ts,tsx}', '../../../../apps/{web,lab}/src/**/*.{ts,tsx}', '!**/*.test.*', '!**/locales/**'],
    { query: '?raw', import: 'default', eager: true },
  ),
)

describeTranslation('both apps', english, chinese)
it('every text is said somewhere', () => expect(unusedKeys(english, sources)).toEqual([]))

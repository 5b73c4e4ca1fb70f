import { displayName } from '@parley/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cleanName } from './name.ts'

it.each([
  ['  Ann  ', 'Ann'],
  ['An\u0007n\n', 'Ann'],
  ['\u202eevil', 'evil'],
  ['小明 👋', '小明 👋'],
  [' \t', ''],
  ['\u200b\u3164', ''],
  ['cafe\u0301\ufe0f', 'café'],
])('%j becomes %j', (text, name) => {
  expect(cleanName(text)).toBe(name)
})

it('whatever is typed, the server takes it, or there is nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100, size: 'max' }), text => {
      const name = cleanName(text)
      expect(name === '' || displayName.safeParse(name).success).toBe(true)
    }),
  )
})

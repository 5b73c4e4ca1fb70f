import { expect, it } from 'vitest'
import { newIceCredentials } from './credentials.ts'

it('credentials are of ice-chars, long enough, and never the same', () => {
  const made = Array.from({ length: 100 }, newIceCredentials)
  for (const { ufrag, password } of made) expect(`${ufrag}${password}`).toMatch(/^[A-Za-z0-9+/]{32}$/)
  expect(new Set(made.map(({ ufrag }) => ufrag)).size).toBe(100)
})

import { expect, it } from 'vitest'
import { within } from './within.ts'

it('waits no longer than told, and no longer than needed', async () => {
  expect(await within(60_000, Promise.resolve())).toBe(true)
  expect(await within(0, new Promise(() => undefined))).toBe(false)
  await expect(within(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

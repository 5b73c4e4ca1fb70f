import { expect, it } from 'vitest'
import { roomPath, secretIn } from './room-link.ts'

it('escapes a room’s name', () => {
  expect(roomPath('周会')).toBe('/r/%E5%91%A8%E4%BC%9A')
})

it('carries the secret of an encrypted meeting in the fragment, and nowhere else', () => {
  const secret = 'Zm9vYmFy_-0123456789AB'
  const path = roomPath('tea', secret)
  expect(path).toBe(`/r/tea#e2ee=${secret}`)
  expect(new URL(path, 'https://meet.example.org').pathname).toBe('/r/tea')
  expect(secretIn(path.slice(path.indexOf('#')))).toBe(secret)
  expect(secretIn(`#x=1&e2ee=${secret}`)).toBe(secret)
  for (const none of ['', '#', '#e2ee=', '#token=t']) expect(secretIn(none)).toBeUndefined()
})

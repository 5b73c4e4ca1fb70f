import { expect, it } from 'vitest'
import { roomPath } from './room-link.ts'

it('escapes a room’s name', () => {
  expect(roomPath('周会')).toBe('/r/%E5%91%A8%E4%BC%9A')
})

import { expect, test } from 'vitest'
import { refreshDelay } from './ice-refresh.ts'

const now = 1_700_000_000_000
const turn = (username: string) => ({ urls: ['turn:example.org'], username, credential: 'x' })

test('well before the first credential expires', () => {
  const servers = [turn('1700003600:ann'), turn('1700001000:ann'), { urls: ['stun:example.org'] }]
  expect(refreshDelay(servers, now)).toBe(800_000)
  expect(refreshDelay([turn('1700001000')], now)).toBe(800_000)
})

test('never in a hurry, though the clocks disagree', () => {
  expect(refreshDelay([turn('1600000000:ann')], now)).toBe(60_000)
})

test('not at all where nothing expires', () => {
  expect(refreshDelay([], now)).toBeUndefined()
  expect(refreshDelay([turn('ann'), turn('12:ann'), { urls: ['stun:example.org'] }], now)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { besideSfu, refreshDelay } from './ice-servers.ts'

const now = 1_700_000_000_000
const turn = (...urls: string[]) => ({ urls, username: 'ann', credential: 'secret' })
const expiring = (username: string) => ({ urls: ['turn:example.org'], username, credential: 'x' })
const servers = [
  { urls: ['stun:parley.test:3478'] },
  turn(
    'turn:parley.test:3478?transport=udp',
    'turn:parley.test:3478?transport=tcp',
    'turn:parley.test:3478',
    'turns:parley.test?transport=tcp',
  ),
]

test('only relays over TCP and TLS stand beside the SFU', () => {
  expect(besideSfu(servers, 'all')).toEqual([
    turn('turn:parley.test:3478?transport=tcp', 'turns:parley.test?transport=tcp'),
  ])
})

test('who may only be relayed keeps every server', () => {
  expect(besideSfu(servers, 'relay')).toEqual(servers)
})

test('well before the first credential expires', () => {
  const servers = [expiring('1700003600:ann'), expiring('1700001000:ann'), { urls: ['stun:example.org'] }]
  expect(refreshDelay(servers, now)).toBe(800_000)
  expect(refreshDelay([expiring('1700001000')], now)).toBe(800_000)
})

test('never in a hurry, though the clocks disagree', () => {
  expect(refreshDelay([expiring('1600000000:ann')], now)).toBe(60_000)
})

test('not at all where nothing expires', () => {
  expect(refreshDelay([], now)).toBeUndefined()
  expect(refreshDelay([expiring('ann'), expiring('12:ann'), { urls: ['stun:example.org'] }], now)).toBeUndefined()
})

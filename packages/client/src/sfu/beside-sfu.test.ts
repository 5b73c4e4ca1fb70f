import { expect, test } from 'vitest'
import { besideSfu } from './beside-sfu.ts'

const turn = (...urls: string[]) => ({ urls, username: 'ann', credential: 'secret' })
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

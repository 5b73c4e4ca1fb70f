import { expect, test } from 'vitest'
import { mediaAddresses } from './media-addresses.ts'
import type { Surroundings } from './surroundings.ts'

const around = (host: string, more: Partial<Surroundings> = {}): Surroundings => ({
  host,
  domain: undefined,
  publicIps: [],
  mapped: [],
  addresses: ['192.168.1.20', '10.0.0.5', 'fd00::2'],
  local: ['127.0.0.1', '::1', '192.168.1.20', '10.0.0.5', 'fd00::2', 'fe80::1'],
  ...more,
})
const plain = (...insides: string[]) => insides.map(inside => ({ inside, outside: undefined }))

test('listening everywhere, every address of the IP version that we listen on', () => {
  expect(mediaAddresses(around('0.0.0.0'))).toEqual(plain('192.168.1.20', '10.0.0.5'))
  expect(mediaAddresses(around('::'))).toEqual(plain('192.168.1.20', '10.0.0.5', 'fd00::2'))
})

test('listening on one address, that one', () => {
  expect(mediaAddresses(around('10.0.0.5'))).toEqual(plain('10.0.0.5'))
  expect(mediaAddresses(around('127.0.0.1'))).toEqual(plain('127.0.0.1'))
})

test('a machine without a network is reached on loopback', () => {
  expect(mediaAddresses(around('0.0.0.0', { addresses: [] }))).toEqual(plain('127.0.0.1'))
  expect(mediaAddresses(around('::', { addresses: [] }))).toEqual(plain('::1'))
})

test('a public address on no interface stands for the likeliest local one, and comes first', () => {
  expect(mediaAddresses(around('0.0.0.0', { publicIps: ['203.0.113.9'] }))).toEqual([
    { inside: '192.168.1.20', outside: '203.0.113.9' },
    ...plain('192.168.1.20', '10.0.0.5'),
  ])
  expect(mediaAddresses(around('0.0.0.0', { publicIps: ['2001:db8::9'] }))).toEqual(plain('192.168.1.20', '10.0.0.5'))
})

test('a public address that is on an interface is one of ours, and comes first', () => {
  const local = ['203.0.113.9', '10.0.0.5']
  expect(
    mediaAddresses(around('0.0.0.0', { publicIps: ['203.0.113.9'], addresses: ['10.0.0.5', '203.0.113.9'], local })),
  ).toEqual(plain('203.0.113.9', '10.0.0.5'))
})

test('a mapped address stands for just the local one that was named', () => {
  const mapped = [{ outside: '203.0.113.9', inside: '10.0.0.5' }]
  expect(mediaAddresses(around('0.0.0.0', { publicIps: ['203.0.113.9'], mapped }))[0]).toEqual({
    inside: '10.0.0.5',
    outside: '203.0.113.9',
  })
})

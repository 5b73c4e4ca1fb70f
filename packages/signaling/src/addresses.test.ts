import { expect, test } from 'vitest'
import { Addresses, network } from './addresses.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, key) => {
  expect(network(address)).toBe(key)
})

test('counts what came and went, and forgets who has gone', () => {
  const addresses = new Addresses()
  expect(addresses.arrive('2001:db8::1')).toBe(1)
  expect(addresses.arrive('2001:db8::2')).toBe(2)
  expect(addresses.arrive('192.0.2.1')).toBe(1)
  addresses.depart('2001:db8::1')
  expect(addresses.count('2001:db8::3')).toBe(1)
  addresses.depart('2001:db8::2')
  addresses.depart('2001:db8::2')
  expect(addresses.count('2001:db8::1')).toBe(0)
  expect(addresses.arrive('2001:db8::1')).toBe(1)
})

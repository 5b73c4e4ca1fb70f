import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IpAddress } from '../address/ip-address.ts'
import { sourceBytes, sourceKey, UNKNOWN_SOURCE } from './source-key.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['2002:c000:201:5::1', '192.0.2.1'],
  ['64:ff9b::192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
])('%s is counted as %s', (address, key) => expect(sourceKey(address)).toBe(key))

test('text that is no address shares one key', () => {
  for (const text of ['', 'unknown', '1.2.3', '010.0.0.1', '1.2.3.4, 5.6.7.8', '%', '::1::2', '__proto__']) {
    expect(sourceKey(text)).toBe(UNKNOWN_SOURCE)
  }
})

test('every text has a key', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(sourceKey(text)).not.toBe('')
    }),
  )
})

test('bytes have the key of the text that they are written as', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
      expect(sourceKey(IpAddress.parse(text).bytes)).toBe(sourceKey(text))
    }),
  )
  for (const length of [0, 5, 15]) expect(() => sourceKey(new Uint8Array(length))).toThrow(RangeError)
})

test('two have the same bytes if they have the same key', () => {
  const forms = ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201', '64:ff9b::192.0.2.1', '2002:c000:201:5::1']
  for (const text of forms) expect([...sourceBytes(IpAddress.parse(text).bytes)]).toEqual([192, 0, 2, 1])
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.oneof(fc.ipV4(), fc.ipV6()), (one, two) => {
      const bytes = (text: string) => String(sourceBytes(IpAddress.parse(text).bytes))
      expect(bytes(one) === bytes(two)).toBe(sourceKey(one) === sourceKey(two))
    }),
  )
})

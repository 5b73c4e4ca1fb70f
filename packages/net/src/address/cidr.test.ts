import { BlockList } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AddressError } from './address-error.ts'
import { Cidr } from './cidr.ts'
import { IpAddress } from './ip-address.ts'

const contains = (cidr: string, address: string) => Cidr.parse(cidr).contains(IpAddress.parse(address))

test.each([
  ['10.0.0.0/8', '10.0.0.0', true],
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['172.16.0.0/12', '172.31.255.255', true],
  ['172.16.0.0/12', '172.32.0.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['fc00::/7', 'fdff::', true],
  ['fc00::/7', 'fe00::', false],
  ['::/0', 'ffff::', true],
  ['::/0', '1.2.3.4', false],
  ['0.0.0.0/0', '::1', false],
  ['0.0.0.0/0', '::ffff:1.2.3.4', false],
  ['2001:db8::/33', '2001:db8:8000::', false],
])('%s contains %s: %s', (cidr, address, expected) => {
  expect(contains(cidr, address)).toBe(expected)
})

test('the platform agrees', () => {
  const bytes = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  const near = fc.tuple(bytes, fc.nat(127), fc.nat(128))
  fc.assert(
    fc.property(near, ([base, bit, length]) => {
      const family = base.length === 4 ? 'ipv4' : 'ipv6'
      const prefix = Math.min(length, base.length * 8)
      const at = bit % (base.length * 8)
      const other = base.map((byte, i) => (i === at >> 3 ? byte ^ (0x80 >> (at & 7)) : byte))
      const cidr = Cidr.of(IpAddress.from(base), prefix)
      const list = new BlockList()
      list.addSubnet(String(cidr.network), prefix, family)
      expect(cidr.contains(IpAddress.from(other))).toBe(list.check(String(IpAddress.from(other)), family))
      expect(String(Cidr.parse(String(cidr)))).toBe(String(cidr))
    }),
  )
})

test.each([
  ['10.0.0.0/33', 'must be a number from 0 to 32'],
  ['::/129', 'must be a number from 0 to 128'],
  ['10.0.0.0/', 'must be a number'],
  ['10.0.0.0/-1', 'must be a number'],
  ['10.0.0.0/08', 'must be a number'],
  ['10.0.0.0/8/8', 'must be a number'],
  ['10.0.0.0/255.0.0.0', 'must be a number'],
  ['10.0.0.1/8', `'10.0.0.1/8' has bits outside its prefix; did you mean 10.0.0.0/8?`],
  ['2001:db8::1/32', 'did you mean 2001:db8::/32?'],
  ['10.0.0/8', `'10.0.0' is not an IP address`],
  ['/8', `'' is not an IP address`],
])('%s is refused', (text, problem) => {
  expect(() => Cidr.parse(text)).toThrow(AddressError)
  expect(() => Cidr.parse(text)).toThrow(problem)
})

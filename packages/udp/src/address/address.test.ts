import { networkInterfaces } from 'node:os'
import { NAME_WORDS } from '@parley/ffi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Address } from './address.ts'
import { AddressCache } from './address-cache.ts'
import { zoneIndex, zoneName } from './zone.ts'

const port = fc.integer({ min: 0, max: 65_535 })
const ip4 = fc.uint8Array({ minLength: 4, maxLength: 4 })
const zeros = fc.constant(0)
const ip6 = fc.array(fc.oneof(zeros, fc.integer({ min: 0, max: 255 })), { minLength: 16, maxLength: 16 })
const ip = fc.oneof(
  ip4,
  ip6.map(bytes => Uint8Array.from(bytes)),
)

describe('an address', () => {
  test('survives the way through a sockaddr, mapped or not', () => {
    fc.assert(
      fc.property(ip, port, fc.constantFrom(0, 3), fc.nat(4), (bytes, port, scope, at) => {
        const address = Address.from(bytes, port, scope)
        const words = new Int32Array(NAME_WORDS + 4).fill(-1)
        for (const version of address.version === 4 ? ([4, 6] as const) : ([6] as const)) {
          address.write(words, at, version)
          const again = Address.read(words, at)
          expect(again.equals(address)).toBe(true)
          expect(again.key).toBe(address.key)
          expect(again.hash).toBe(address.hash)
          expect(address.matches(words, at)).toBe(true)
        }
      }),
    )
  })

  test('equals and matches exactly what has the same bytes, port and scope', () => {
    fc.assert(
      fc.property(ip, ip, port, port, (one, two, portOne, portTwo) => {
        const [a, b] = [Address.from(one, portOne), Address.from(two, portTwo)]
        const same = a.key === b.key
        expect(a.equals(b)).toBe(same)
        const words = new Int32Array(NAME_WORDS)
        b.write(words, 0, b.version)
        expect(a.matches(words, 0)).toBe(same)
      }),
    )
    const [here, there] = [Address.parse('fe80::1%1', 5), Address.parse('fe80::1%2', 5)]
    expect(here.equals(there)).toBe(false)
    expect(here.key).toBe('[fe80::1%1]:5')
  })

  test('differing in one bit is another', () => {
    fc.assert(
      fc.property(ip, port, fc.nat(15), fc.nat(7), (bytes, port, byte, bit) => {
        const other = bytes.slice()
        other[byte % bytes.length] = (other[byte % bytes.length] as number) ^ (1 << bit)
        expect(Address.from(bytes, port).equals(Address.from(other, port))).toBe(false)
      }),
    )
  })

  test('mapped into IPv6 is the IPv4 address', () => {
    const mapped = Address.parse('::ffff:10.1.2.3', 80)
    expect(mapped.version).toBe(4)
    expect(mapped.key).toBe('10.1.2.3:80')
    expect(mapped.equals(Address.parse('10.1.2.3', 80))).toBe(true)
    expect(mapped.bytes()).toEqual(Uint8Array.of(10, 1, 2, 3))
    expect(Address.parse('::ffff:0:10.1.2.3', 80).version).toBe(6)
  })

  test('reads as text', () => {
    expect(`${Address.parse('10.0.0.1', 5000)}`).toBe('10.0.0.1:5000')
    expect(`${Address.parse('2001:db8:0::1', 5000)}`).toBe('[2001:db8::1]:5000')
    expect(Address.parse('2001:db8::1', 0).bytes()).toEqual(
      Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    )
  })

  test('is refused when it is none', () => {
    for (const host of ['', 'x', '1.2.3', 'fe80::1%no-such-interface', '10.0.0.1%']) {
      expect(() => Address.parse(host, 1)).toThrow(RangeError)
    }
    for (const port of [-1, 65_536, 0.5, Number.NaN]) expect(() => Address.parse('::1', port)).toThrow(RangeError)
    for (const length of [0, 3, 5, 15, 17]) expect(() => Address.from(new Uint8Array(length), 1)).toThrow(RangeError)
  })

  test('takes a zone by its interface’s name', () => {
    expect(zoneIndex('7')).toBe(7)
    expect(zoneName(4_000_000)).toBe('4000000')
    for (const [name, entries] of Object.entries(networkInterfaces())) {
      const scope = entries?.find(entry => entry.family === 'IPv6' && entry.scopeid > 0)
      if (scope?.family !== 'IPv6') continue
      expect(Address.parse(`fe80::1%${name}`, 1).scope).toBe(scope.scopeid)
      expect(zoneName(scope.scopeid)).toBe(name)
    }
  })
})

describe('the cache', () => {
  test('gives the same object for an address seen lately, and always the right address', () => {
    const cache = new AddressCache()
    const words = new Int32Array(NAME_WORDS)
    fc.assert(
      fc.property(fc.array(fc.tuple(ip, port), { maxLength: 50 }), addresses => {
        for (const [bytes, port] of [...addresses, ...addresses]) {
          const address = Address.from(bytes, port)
          address.write(words, 0, address.version)
          const read = cache.read(words, 0)
          expect(read.equals(address)).toBe(true)
          expect(cache.read(words, 0)).toBe(read)
        }
      }),
    )
  })

  test('keeps a thousand talkers through a flood of forged addresses', () => {
    const cache = new AddressCache()
    const words = new Int32Array(NAME_WORDS)
    const read = (address: Address) => {
      address.write(words, 0, 6)
      return cache.read(words, 0)
    }
    const talkers = Array.from({ length: 1000 }, (_, i) => Address.parse(`10.0.${i >> 8}.${i & 255}`, 40_000 + i))
    let known = talkers.map(read)
    let made = 0
    let forged = 0
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 5000; i++) read(Address.from(Uint8Array.of(203, 0, forged >> 8, forged), forged++ & 0xffff))
      const now = talkers.map(read)
      if (round >= 10) made += now.filter((address, i) => address !== known[i]).length
      known = now
    }
    expect(made).toBeLessThan(1000) // of 10,000 look-ups
  })
})

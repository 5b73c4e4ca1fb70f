import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressFilter } from './address-filter.ts'
import { Cidr } from './cidr.ts'
import { embeddedIpv4, ipv4Forms } from './embedded-ipv4.ts'
import { IpAddress } from './ip-address.ts'
import { ownSpecialRange, specialRange, specialRanges } from './special-ranges.ts'

const hex = (ipv4: string) => [...IpAddress.parse(ipv4).bytes].map(byte => byte.toString(16).padStart(2, '0'))
const inverted = (ipv4: string) =>
  ipv4
    .split('.')
    .map(part => 255 - Number(part))
    .join('.')

/** How each form hides an IPv4 address, written out here anew so that the code is not its own witness. */
const forms: Record<string, (ipv4: string) => string> = {
  'ipv4-mapped': ipv4 => `::ffff:${ipv4}`,
  'ipv4-compatible': ipv4 => `::${ipv4}`,
  'ipv4-translated': ipv4 => `::ffff:0:${ipv4}`,
  nat64: ipv4 => `64:ff9b::${ipv4}`,
  'nat64-local, /96': ipv4 => `64:ff9b:1:2:3:4:${ipv4}`,
  'nat64-local, /48': ipv4 => {
    const [a, b, c, d] = hex(ipv4)
    return `64:ff9b:1:${a}${b}:${c}:${d}00::`
  },
  'nat64-local, /56': ipv4 => {
    const [a, b, c, d] = hex(ipv4)
    return `64:ff9b:1:aa${a}:${b}:${c}${d}::`
  },
  'nat64-local, /64': ipv4 => {
    const [a, b, c, d] = hex(ipv4)
    return `64:ff9b:1:aabb:${a}:${b}${c}:${d}00:0`
  },
  '6to4': ipv4 => {
    const [a, b, c, d] = hex(ipv4)
    return `2002:${a}${b}:${c}${d}:1234::5`
  },
  'teredo, its server': ipv4 => {
    const [a, b, c, d] = hex(ipv4)
    return `2001:0:${a}${b}:${c}${d}:8000:63bf:${IpAddress.parse(`::${inverted('8.8.8.8')}`)
      .toString()
      .slice(2)}`
  },
  'teredo, its client': ipv4 => {
    const [a, b, c, d] = hex(inverted(ipv4))
    return `2001:0:808:808:8000:63bf:${a}${b}:${c}${d}`
  },
}

/** First, last and some address in between. */
function samples({ network, prefixLength }: Cidr): IpAddress[] {
  const bits = network.bytes.length * 8
  const fill = (byte: number) =>
    IpAddress.from(
      network.bytes.map((own, i) => own | (byte & ~(0xff00 >> Math.min(8, Math.max(0, prefixLength - 8 * i))) & 0xff)),
    )
  return prefixLength === bits ? [network] : [network, fill(0xff), fill(0x55)]
}

const ipv4Ranges = specialRanges.filter(({ cidr }) => cidr.network.family === 4)
const filter = new AddressFilter()
const teredo = Cidr.parse('2001::/32')

describe.each(specialRanges.map(range => [`${range.name} ${range.cidr}`, range] as const))('%s', (_, range) => {
  test('is recognised and refused', () => {
    for (const address of samples(range.cidr)) {
      const found = specialRange(address) ?? expect.fail(String(address))
      expect(filter.check(address).allowed).toBe(false)
      if (teredo.contains(address)) continue // an IPv4 form inside 2001::/23: see below
      // A narrower range inside may claim the very first or last address.
      expect(found.cidr.prefixLength).toBeGreaterThanOrEqual(range.cidr.prefixLength)
      expect(found.cidr.contains(address)).toBe(true)
      expect(filter.check(address)).toEqual({ allowed: false, reason: `${address} is ${found.name} (${found.cidr})` })
    }
  })

  test('has an outside', () => {
    const { network, prefixLength } = range.cidr
    const outside = IpAddress.from(
      network.bytes.map((byte, i) =>
        i === (prefixLength - 1) >> 3 ? byte ^ (0x80 >> ((prefixLength - 1) & 7)) : byte,
      ),
    )
    expect(range.cidr.contains(outside)).toBe(false)
  })
})

describe.each(Object.entries(forms))('every special IPv4 address as %s', (form, hide) => {
  test.each(ipv4Ranges.map(range => [`${range.name} ${range.cidr}`, range] as const))('%s', (_, range) => {
    for (const ipv4 of samples(range.cidr)) {
      const address = IpAddress.parse(hide(String(ipv4)))
      // Another layout fits as well, or it is the unspecified address.
      const ambiguous = (form.includes('/') && ipv4.bytes[3] === 0) || String(address) === '::'
      if (!ambiguous) expect(embeddedIpv4(address).map(String), String(address)).toContain(String(ipv4))
      expect(specialRange(address), String(address)).toBeDefined()
      expect(filter.check(address).allowed, String(address)).toBe(false)
    }
  })

  test('a public one', () => {
    const address = IpAddress.parse(hide('8.8.4.4'))
    expect(embeddedIpv4(address).map(String)).toContain('8.8.4.4')
    const transparent = ipv4Forms.find(({ name }) => form.split(',')[0] === name)?.transparent ?? false
    expect(filter.check(address).allowed, String(address)).toBe(transparent)
  })
})

test('the whole of NAT64 for local use is refused, whichever layout an address has', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), rest => {
      const address = IpAddress.from(new Uint8Array([0, 0x64, 0xff, 0x9b, 0, 1, ...rest]))
      expect(filter.check(address).allowed).toBe(false)
    }),
  )
})

test('the narrowest range gives the name', () => {
  const name = (text: string) => specialRange(IpAddress.parse(text))?.name
  expect(name('169.254.169.254')).toBe('metadata')
  expect(name('169.254.1.1')).toBe('link-local')
  expect(name('255.255.255.255')).toBe('broadcast')
  expect(name('240.0.0.1')).toBe('reserved')
  expect(name('100.100.100.200')).toBe('metadata')
  expect(name('100.100.100.201')).toBe('cgnat')
  expect(name('::')).toBe('unspecified')
  expect(name('::1')).toBe('loopback')
  expect(name('::2')).toBe('ipv4-compatible')
  expect(name('fd00:ec2::254')).toBe('metadata')
  expect(name('2001:2::1')).toBe('benchmarking')
  expect(name('2001:1::1')).toBe('ietf-protocol')
  expect(name('1234::')).toBe('reserved')
  expect(name('64:ff9b::127.0.0.1')).toBe('loopback')
  expect(name('::ffff:10.0.0.1')).toBe('private')
  expect(ownSpecialRange(IpAddress.parse('::ffff:10.0.0.1'))).toBeUndefined()
})

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '192.0.1.1',
  '100.128.0.1',
  '172.32.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00::1',
  '2003::1',
])('%s is of the public internet', text => {
  expect(specialRange(IpAddress.parse(text))).toBeUndefined()
  expect(filter.check(IpAddress.parse(text))).toEqual({ allowed: true })
})

test('every address is either in global unicast or special', () => {
  const globalUnicast = Cidr.parse('2000::/3')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), bytes => {
      const address = IpAddress.from(bytes)
      if (!globalUnicast.contains(address)) expect(specialRange(address), String(address)).toBeDefined()
    }),
  )
})

import { isIP, SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressError } from './address-error.ts'
import { IpAddress } from './ip-address.ts'
import { formatTransportAddress, parseTransportAddress } from './transport-address.ts'

const anyBytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  // Many zeros, where the shortening is.
  fc.array(fc.constantFrom(0, 0, 0, 1, 0xff), { minLength: 16, maxLength: 16 }).map(bytes => Uint8Array.from(bytes)),
)

test('what is written is read back, and is what the platform writes', () => {
  fc.assert(
    fc.property(anyBytes, bytes => {
      const address = IpAddress.from(bytes)
      const text = String(address)
      expect(IpAddress.parse(text).bytes).toEqual(bytes)
      expect(isIP(text)).toBe(address.family)
    }),
    { numRuns: 500 },
  )
})

test('is a copy, also of a Buffer', () => {
  const bytes = Buffer.from([10, 0, 0, 1])
  const address = IpAddress.from(bytes)
  bytes.fill(0)
  expect(String(address)).toBe('10.0.0.1')
})

describe('RFC 5952', () => {
  test.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8:A::', '2001:db8:a::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::ffff:c000:0201', '::ffff:192.0.2.1'],
    ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ])('%s is %s', (text, canonical) => {
    expect(String(IpAddress.parse(text))).toBe(canonical)
    expect(JSON.stringify(IpAddress.parse(text))).toBe(`"${canonical}"`)
  })
})

describe('what is no address', () => {
  test.each([
    ['', 'four numbers'],
    ['localhost', 'four numbers'],
    ['1.2.3', 'four numbers'],
    ['1.2.3.4.5', 'four numbers'],
    ['1.2.3.256', '256 is more than 255'],
    ['1.2.3.04', `'04' is not a decimal number`],
    ['0x7f.0.0.1', `'0x7f' is not a decimal number`],
    ['1.2.3.-4', `'-4'`],
    ['1.2.3.4 ', `'4 '`],
    ['1.2.3.4\n', 'is not a decimal number'],
    ['2130706433', 'four numbers'],
    ['1..2.3', `''`],
    ['１.2.3.4', 'is not a decimal number'],
    ['fe80::1%eth0', 'it has a zone'],
    ['1::2::3', `'::' may stand once`],
    [':::', `'' is not a group`],
    ['1:2:3:4:5:6:7', `eight groups or a '::'`],
    ['1:2:3:4:5:6:7:8:9', `eight groups or a '::'`],
    ['1:2:3:4::5:6:7:8', `nothing left for '::'`],
    ['12345::', `'12345' is not a group`],
    ['g::', `'g' is not a group`],
    [':1', `'' is not a group`],
    ['1:', `'' is not a group`],
    ['::1.2.3.4:5', `'1.2.3.4' is not a group`],
    ['1.2.3.4::', `'1.2.3.4' is not a group`],
    ['::1.2.3', 'four numbers'],
    ['[::1]', `'[' is not a group`],
  ])('%j', (text, problem) => {
    expect(() => IpAddress.parse(text)).toThrow(AddressError)
    expect(() => IpAddress.parse(text)).toThrow(problem)
    expect(() => IpAddress.parse(text)).toThrow(`'${text}' is not an IP address: `)
  })

  test('we and the platform agree on any text', () => {
    const piece = fc.constantFrom('::', ':', '.', '0', '1', 'ff', '255', 'ffff', '1.2.3.4', '00', 'g', '%', '-')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const text = pieces.join('')
        let parsed: string | undefined
        try {
          parsed = String(IpAddress.parse(text))
        } catch (error) {
          expect(error).toBeInstanceOf(AddressError)
        }
        if (text.includes('%')) expect(parsed).toBeUndefined()
        else expect(parsed !== undefined, text).toBe(isIP(text) !== 0)
        if (parsed?.includes(':') && !parsed.includes('.')) {
          const theirs = new SocketAddress({ address: text, family: 'ipv6' }).address
          if (!theirs.includes('.')) expect(parsed).toBe(theirs)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test('bytes are copied, 4 or 16 of them', () => {
  const slab = new Uint8Array([9, 127, 0, 0, 1, 9])
  const address = IpAddress.from(slab, 1, 4)
  slab.fill(0)
  expect(String(address)).toBe('127.0.0.1')
  for (const length of [0, 3, 5, 15, 17]) expect(() => IpAddress.from(new Uint8Array(length))).toThrow(RangeError)
  expect(() => IpAddress.from(slab, 3, 4)).toThrow(RangeError)
  expect(() => IpAddress.from(slab, -1, 4)).toThrow(RangeError)
})

test('families are never equal', () => {
  const mapped = IpAddress.parse('::ffff:127.0.0.1')
  expect(mapped.family).toBe(6)
  expect(mapped.equals(IpAddress.parse('127.0.0.1'))).toBe(false)
  expect(mapped.equals(IpAddress.parse('::FFFF:7f00:1'))).toBe(true)
})

test('an IPv4-mapped address stands for the IPv4 address, no other does', () => {
  const unmapped = (text: string) => String(IpAddress.parse(text).unmapped())
  expect(unmapped('::ffff:7f00:1')).toBe('127.0.0.1')
  for (const text of ['127.0.0.1', '::1', '::ffff:0:7f00:1', '64:ff9b::7f00:1']) expect(unmapped(text)).toBe(text)
})

describe('transport addresses', () => {
  test('both ways', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(65535), (bytes, port) => {
        const value = { address: IpAddress.from(bytes), port }
        expect(parseTransportAddress(formatTransportAddress(value))).toEqual(value)
      }),
    )
    expect(formatTransportAddress({ address: IpAddress.parse('::1'), port: 80 })).toBe('[::1]:80')
  })

  test.each([
    '',
    '1.2.3.4',
    '::1:80',
    '[::1]',
    '[1.2.3.4]:80',
    '1.2.3.4:65536',
    '1.2.3.4:',
    '1.2.3.4:+1',
    'a:1',
    '[::1]:80 ',
  ])('%j is none', text => {
    expect(() => parseTransportAddress(text)).toThrow(AddressError)
  })
})

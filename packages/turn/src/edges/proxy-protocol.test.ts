import { fromHex } from '@parley/bytes'
import { Address } from '@parley/udp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proxyHeader, readProxyHeader } from './proxy-protocol.ts'

const signature = '0d0a0d0a000d0a515549540a'
const ipv4 = fromHex(`${signature}2111000cc0000201c6336402d43101bb`)
const ipv6 = fromHex(`${signature}21210024${'20010db8'.padEnd(31, '0')}1${'20010db8'.padEnd(31, '0')}21f9001bb`)

describe('readProxyHeader', () => {
  it.each([
    ['TCP over IPv4', ipv4, '192.0.2.1:54321'],
    ['TCP over IPv6', ipv6, '[2001:db8::1]:8080'],
    [
      'an IPv4-mapped client',
      fromHex(`${signature}21210024${'0'.repeat(20)}ffffc0000201${'0'.repeat(32)}d43101bb`),
      '192.0.2.1:54321',
    ],
    ['TLVs behind the addresses', fromHex(`${signature}21110010c0000201c6336402d43101bb04000100`), '192.0.2.1:54321'],
    ['LOCAL', fromHex(`${signature}20000000`), undefined],
    ['LOCAL with something behind', fromHex(`${signature}20110003aabbcc`), undefined],
    ['UNSPEC', fromHex(`${signature}21000000`), undefined],
    ['a UNIX socket', fromHex(`${signature}213100d8${'00'.repeat(216)}`), undefined],
  ])('reads %s, and leaves the stream behind it', (_, header, client) => {
    const result = readProxyHeader(new Uint8Array([...header, 1, 2, 3]))
    expect(result).toMatchObject({ is: 'whole', consumed: header.length })
    expect(result.is === 'whole' ? result.client?.key : 'none').toBe(client)
  })

  it('waits for the rest of it, byte by byte', () => {
    for (const header of [ipv4, ipv6]) {
      for (let length = 0; length < header.length; length++)
        expect(readProxyHeader(header.subarray(0, length))).toEqual({ is: 'more' })
    }
  })

  it.each([
    ['HTTP', new TextEncoder().encode('GET / HTTP/1.1')],
    ['version 1', new TextEncoder().encode('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')],
    ['a STUN message', fromHex('000100002112a442')],
    ['another version', fromHex(`${signature}31`)],
    ['another command', fromHex(`${signature}22`)],
    ['addresses that are not all there', fromHex(`${signature}2111000bc0000201c6336402d43101`)],
    ['a header of 64 KiB', fromHex(`${signature}2111ffff`)],
  ])('refuses %s', (_, bytes) => {
    expect(readProxyHeader(bytes)).toEqual({ is: 'bad' })
  })

  it('takes anything without throwing, and never asks for more than it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(0, 12, 14, 16), (tail, kept) => {
        const bytes = new Uint8Array([...ipv6.subarray(0, kept), ...tail])
        const result = readProxyHeader(bytes)
        if (result.is === 'whole') expect(result.consumed).toBeLessThanOrEqual(bytes.length)
        if (result.is === 'more') expect(bytes.length).toBeLessThan(2064)
      }),
    )
  })
})

describe('proxyHeader', () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6())
  const address = fc.tuple(host, fc.integer({ min: 0, max: 65_535 })).map(([ip, port]) => Address.parse(ip, port))

  it('is what the specification says', () => {
    const from = Address.parse('192.0.2.1', 54_321)
    expect(proxyHeader({ from, to: Address.parse('198.51.100.2', 443) })).toEqual(ipv4)
    expect(proxyHeader({ from: Address.parse('2001:db8::1', 8080), to: Address.parse('2001:db8::2', 443) })).toEqual(
      ipv6,
    )
  })

  it('is read as it was written, whatever follows', () => {
    fc.assert(
      fc.property(address, address, fc.uint8Array(), (from, to, rest) => {
        const header = proxyHeader({ from, to })
        const read = readProxyHeader(new Uint8Array([...header, ...rest]))
        expect(read).toMatchObject({ is: 'whole', consumed: header.length })
        expect(read.is === 'whole' && read.client?.key).toBe(from.key)
      }),
    )
  })
})

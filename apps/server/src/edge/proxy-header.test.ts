import { DecodeError } from '@parley/bytes'
import { Address } from '@parley/udp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proxyHeader, readProxyHeader } from './proxy-header.ts'

const host = fc.oneof(fc.ipV4(), fc.ipV6())
const address = fc.tuple(host, fc.integer({ min: 0, max: 65_535 })).map(([ip, port]) => Address.parse(ip, port))

/** The example of an IPv4 connection from 192.0.2.1:56324 to 192.0.2.2:443, written out by hand. */
const example = Buffer.from('0d0a0d0a000d0a515549540a2111000cc0000201c0000202dc0401bb', 'hex')

describe('the PROXY header', () => {
  it('is what the specification says', () => {
    const from = Address.parse('192.0.2.1', 56_324)
    expect(proxyHeader({ from, to: Address.parse('192.0.2.2', 443) })).toEqual(example)
  })

  it('comes back as it went, whatever follows', () => {
    fc.assert(
      fc.property(address, address, fc.uint8Array(), (from, to, rest) => {
        const header = proxyHeader({ from, to })
        const read = readProxyHeader(Buffer.concat([header, rest]))
        expect([read?.from.key, read?.to.key, read?.length]).toEqual([from.key, to.key, header.length])
      }),
    )
  })

  it('is awaited byte by byte', () => {
    for (let length = 0; length < example.length; length++) {
      expect(readProxyHeader(example.subarray(0, length))).toBeUndefined()
    }
  })

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n')],
    ['version 1', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n')],
    ['a local connection', Buffer.concat([example.subarray(0, 12), Buffer.from([0x20]), example.subarray(13)])],
    ['a datagram', Buffer.concat([example.subarray(0, 13), Buffer.from([0x12]), example.subarray(14)])],
    ['addresses cut short', Buffer.concat([example.subarray(0, 14), Buffer.from([0, 11]), example.subarray(16)])],
    ['a length beyond sense', Buffer.concat([example.subarray(0, 14), Buffer.from([255, 255]), example.subarray(16)])],
  ])('is not %s', (_, bytes) => {
    expect(() => readProxyHeader(bytes)).toThrow(DecodeError)
  })

  it('survives whatever comes', () => {
    fc.assert(
      fc.property(fc.nat(27), fc.nat(255), fc.uint8Array(), (at, byte, rest) => {
        const bytes = Buffer.concat([example, rest])
        bytes[at] = byte
        try {
          readProxyHeader(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
        }
      }),
    )
  })
})

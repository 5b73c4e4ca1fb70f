import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bracketed, formatHostPort, parseHostPort } from './host-port.ts'

test.each([
  ['example.org', 'example.org', undefined],
  ['example.org:443', 'example.org', 443],
  ['192.0.2.1:0', '192.0.2.1', 0],
  ['[2001:db8::1]:65535', '2001:db8::1', 65_535],
  ['[2001:db8::1]', '2001:db8::1', undefined],
  ['2001:db8::1', '2001:db8::1', undefined],
  ['::1:80', '::1:80', undefined],
  ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
])('%s is host %s, port %s', (text, host, port) => expect(parseHostPort(text)).toEqual({ host, port }))

test.each([
  '',
  ':80',
  'a:',
  'a:65536',
  'a:+1',
  'a:123456',
  '[192.0.2.1]:80',
  '[::1',
  '::1]:80',
  '[::1]80',
  '[[::1]]',
  '[]:80',
  'a:b',
])('%j is none', text => expect(parseHostPort(text)).toBeUndefined())

test('what is written is read back', () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
  fc.assert(
    fc.property(host, fc.nat(65_535), (host, port) => {
      expect(parseHostPort(formatHostPort(host, port))).toEqual({ host, port })
      expect(parseHostPort(bracketed(host))).toEqual({ host, port: undefined })
    }),
  )
})

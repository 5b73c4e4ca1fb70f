import { expect, test } from 'vitest'
import { parseServerUrl, sameServer } from './server-url.ts'

test.each([
  ['stun:example.org', { scheme: 'stun', host: 'example.org', port: 3478, transport: 'udp' }],
  [' STUN:Example.ORG:19302 ', { scheme: 'stun', host: 'example.org', port: 19302, transport: 'udp' }],
  ['turn:192.0.2.1:3478?transport=tcp', { scheme: 'turn', host: '192.0.2.1', port: 3478, transport: 'tcp' }],
  ['turns:[2001:db8::1]', { scheme: 'turns', host: '[2001:db8::1]', port: 5349, transport: 'tcp' }],
])('%s', (text, url) => expect(parseServerUrl(text)).toEqual(url))

test.each([
  ['', 'empty'],
  ['stun://example.org', 'slashes'],
  ['https:example.org', 'scheme'],
  ['example.org', 'scheme'],
  ['stun:', 'host'],
  ['turn:user@example.org', 'host'],
  ['stun:2001:db8::1', 'port'],
  ['stun:example.org:0', 'port'],
  ['stun:example.org:', 'port'],
  ['stun:example.org:65536', 'port'],
  ['stun:example.org?transport=udp', 'query'],
  ['turn:example.org?transport=sctp', 'query'],
])('%s is refused: %s', (text, problem) => expect(parseServerUrl(text)).toEqual({ problem }))

test('the same door in different writing', () => {
  expect(sameServer('turn:Example.org', 'turn:example.org:3478?transport=udp')).toBe(true)
  expect(sameServer('turn:example.org?transport=tcp', 'turn:example.org')).toBe(false)
  expect(sameServer('stun:example.org', 'turn:example.org')).toBe(false)
  expect(sameServer('nonsense', 'nonsense')).toBe(true)
})

import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress, isFromThisMachine } from './client-address.ts'
import { originPolicy } from './cross-origin.ts'
import { httpsUrl } from './urls.ts'

function request(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  return Object.assign(new IncomingMessage(socket), { headers })
}

describe('the address of a client', () => {
  it('is the socket’s, whatever the client claims', () => {
    expect(clientAddress(request('203.0.113.9', { 'x-forwarded-for': '10.0.0.1' }), false)).toBe('203.0.113.9')
    expect(clientAddress(request('::ffff:203.0.113.9'), false)).toBe('203.0.113.9')
  })

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['10.0.0.1, 198.51.100.7', '198.51.100.7'],
    ['spoofed, ::ffff:198.51.100.7', '198.51.100.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['198.51.100.7:51234', '198.51.100.7'],
    ['unknown', '203.0.113.9'],
    ['198.51.100.7,', '203.0.113.9'],
    ['', '203.0.113.9'],
  ])('behind a proxy that says “%s” is %s', (forwarded, expected) => {
    expect(clientAddress(request('203.0.113.9', { 'x-forwarded-for': forwarded }), true)).toBe(expected)
  })

  it('is this machine only when nobody stands between', () => {
    expect(isFromThisMachine(request('127.0.0.1'))).toBe(true)
    expect(isFromThisMachine(request('::ffff:127.0.0.1'))).toBe(true)
    expect(isFromThisMachine(request('::1'))).toBe(true)
    expect(isFromThisMachine(request('192.168.1.2'))).toBe(false)
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect(isFromThisMachine(request('127.0.0.1', { [header]: 'x' }))).toBe(false)
    }
  })
})

describe('origins', () => {
  const allow = originPolicy(['https://app.example.com'], 'meet.example.com')

  it.each([
    ['https://192.168.1.20:8443', '192.168.1.20:8443'],
    ['https://meet.example.com', 'internal:8443'],
    ['https://pc.local', 'pc.local:443'],
    ['https://app.example.com', 'anything:8443'],
    ['http://localhost:5173', '192.168.1.20:8443'],
    ['http://127.0.0.1:3000', '192.168.1.20:8443'],
    ['https://[::1]:8443', '192.168.1.20:8443'],
  ])('lets %s in at %s', (origin, host) => expect(allow(origin, host)).toBe(true))

  it.each([
    ['https://192.168.1.20:9999', '192.168.1.20:8443'],
    ['http://192.168.1.20:8443', '192.168.1.20:8443'],
    ['https://evil.example', '192.168.1.20:8443'],
    ['https://app.example.com.evil.example', 'app.example.com'],
    ['https://localhost.evil.example', 'x'],
    ['https://evil.example/localhost', 'x'],
    ['http://127.0.0.1.evil.example', 'x'],
    ['null', 'null'],
    ['', ''],
    ['https://a', undefined],
    ['file://', 'x'],
  ])('keeps %s out at %s', (origin, host) => expect(allow(origin, host)).toBe(false))

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (origin, host) => typeof allow(origin, host) === 'boolean'))
  })
})

describe('a URL', () => {
  it('is written as URLs are', () => {
    expect(httpsUrl('2001:db8::7', 8443)).toBe('https://[2001:db8::7]:8443')
    expect(httpsUrl('meet.example.com', 443)).toBe('https://meet.example.com')
  })
})

import { Address } from '@parley/udp'
import { expect, it } from 'vitest'
import { Outside } from './outside.ts'

const binding = new Uint8Array([0x00, 0x01, 0x00, 0x00])
const from = (host: string) => Address.parse(host, 5000)

it('counts what other machines send: of datagrams, STUN checks alone and at most one a second', () => {
  const outside = new Outside(['192.0.2.1', '2001:db8::1'])
  const datagram = (host: string, now: number, bytes = binding) =>
    outside.datagram({ bytes, start: 0, from: from(host) }, now)
  for (const own of ['127.0.0.1', '::1', '192.0.2.1', '2001:db8::1']) {
    datagram(own, 0)
    outside.stream(from(own))
  }
  datagram('198.51.100.1', 0, new Uint8Array([0x80, 0x60, 0, 0]))
  expect(outside.counters()).toEqual({ datagrams: 0, streams: 0 })
  datagram('198.51.100.1', 0)
  datagram('198.51.100.1', 999)
  datagram('198.51.100.2', 1000)
  outside.stream(from('198.51.100.1'))
  expect(outside.counters()).toEqual({ datagrams: 2, streams: 1 })
  outside.setOwn(['198.51.100.1'])
  outside.stream(from('198.51.100.1'))
  expect(outside.counters().streams).toBe(1)
})

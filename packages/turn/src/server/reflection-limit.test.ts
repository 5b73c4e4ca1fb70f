import { Address } from '@parley/udp'
import { expect, it } from 'vitest'
import { ReflectionLimit } from './reflection-limit.ts'

const large = { request: 20, reply: 8_252 }

/** How many large replies each of these may be sent within one second, one after the other. */
function granted(hosts: readonly string[]): boolean[] {
  const limit = new ReflectionLimit()
  return hosts.map(host => limit.allow(Address.parse(host, 1), large.request, large.reply, 0))
}

it('lets small replies through without end, and large ones again in the next second', () => {
  const limit = new ReflectionLimit()
  const from = Address.parse('192.0.2.1', 1)
  const ask = (reply: number, now: number) => limit.allow(from, 20, reply, now)
  expect([ask(8_252, 0), ask(8_252, 1), ask(8_252, 2), ask(60, 3), ask(8_252, 1_000)]).toEqual([
    true,
    true,
    false,
    true,
    true,
  ])
})

it('counts every form of an IPv4 address as that address, and a /64 as one', () => {
  expect(granted(['192.0.2.1', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1'])).toEqual([true, true, false])
  expect(granted(['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.2', '64:ff9b::192.0.2.3'])).toEqual([true, true, true])
  expect(granted(['2001:db8::1', '2001:db8::2', '2001:db8::3'])).toEqual([true, true, false])
})

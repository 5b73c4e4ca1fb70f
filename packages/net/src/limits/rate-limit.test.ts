import { expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

const limits = { most: 3, windowMs: 1000, sources: 2 }

it('passes up to the limit, then not until the window is over', () => {
  const limit = new RateLimit(limits)
  for (const at of [0, 10, 20]) expect(limit.take('203.0.113.9', at)).toBe(0)
  expect(limit.take('203.0.113.9', 400)).toBe(600)
  expect(limit.take('203.0.113.10', 400)).toBe(0)
  for (const at of [1000, 1001, 1002]) expect(limit.take('203.0.113.9', at)).toBe(0)
  expect(limit.take('203.0.113.9', 1003)).toBe(997)
})

it('counts for a whole IPv6 network', () => {
  const limit = new RateLimit(limits)
  for (const address of ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:DB8::1:ffff:0:0:3']) limit.take(address, 0)
  expect(limit.take('2001:db8::1:aaaa:bbbb:cccc:dddd', 0)).toBe(1000)
  expect(limit.take('2001:db8:0:2::1', 0)).toBe(0)
})

it('takes bounded memory', () => {
  const limit = new RateLimit(limits)
  for (let i = 0; i < 4; i++) limit.take('192.0.2.1', 0)
  expect(limit.take('192.0.2.1', 0)).toBe(1000)
  for (const other of ['192.0.2.2', '192.0.2.3']) limit.take(other, 0)
  expect(limit.take('192.0.2.1', 0)).toBe(0)
})

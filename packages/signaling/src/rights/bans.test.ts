import { expect, test } from 'vitest'
import { type Ban, Bans } from './bans.ts'

const guest = { room: 'x', identity: 'g', guest: true, source: '2001:db8::1' }

test('an IPv6 network is one source, IPv4 in its clothes is IPv4', () => {
  const bans = new Bans()
  bans.add({ room: 'x', source: '2001:db8::ffff', until: 10 }, 0)
  bans.add({ room: 'x', source: '::ffff:192.0.2.1', until: 10 }, 0)
  expect(bans.refusal(guest, 0)).toBe('network-barred')
  expect(bans.refusal({ ...guest, source: '192.0.2.1' }, 0)).toBe('network-barred')
  expect(bans.refusal({ ...guest, source: '2001:db8:0:1::1' }, 0)).toBeUndefined()
  expect(bans.refusal({ ...guest, guest: false }, 0)).toBeUndefined()
  expect(bans.refusal({ ...guest, room: 'y' }, 0)).toBeUndefined()
  expect(bans.refusal(guest, 10)).toBeUndefined()
})

test('a thousand to a room: beyond it the one that ends first goes, and no other room’s', () => {
  const bans = new Bans()
  bans.add({ room: 'other', identity: 'a', until: 1 }, 0)
  for (let i = 0; i <= 1000; i++) bans.add({ room: 'x', identity: `${i}`, until: 100 + i }, 0)
  expect(bans.all(0)).toHaveLength(1001)
  expect(bans.refusal({ ...guest, identity: '0' }, 0)).toBeUndefined()
  expect(bans.refusal({ ...guest, identity: '1' }, 0)).toBe('removed')
  expect(bans.refusal({ ...guest, room: 'other', identity: 'a' }, 0)).toBe('removed')
})

test('are kept, and found again', () => {
  let kept: readonly Ban[] = []
  const save = (all: readonly Ban[]) => {
    kept = all
  }
  const store = { load: () => kept, save }
  const { id } = new Bans(store).add({ room: 'x', identity: 'g', until: 10 }, 0)
  expect(new Bans(store).refusal(guest, 0)).toBe('removed')
  expect(new Bans(store).lift(id, 0)).toBe(true)
  expect(kept).toEqual([])
})

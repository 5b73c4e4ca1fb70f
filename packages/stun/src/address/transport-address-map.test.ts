import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IpAddress } from './ip-address.ts'
import { TransportAddressMap } from './transport-address-map.ts'

const address = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc
    .constantFrom('127.0.0.1', '::ffff:127.0.0.1', '7f00:1::', '::', '0.0.0.0')
    .map(text => IpAddress.parse(text).bytes),
)

test('it is a Map, whatever is done to it', () => {
  const action = fc.record({ kind: fc.constantFrom('set', 'get', 'delete'), address, port: fc.nat(3), value: fc.nat() })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), actions => {
      const map = new TransportAddressMap<number>()
      const model = new Map<string, number>()
      for (const { kind, address, port, value } of actions) {
        const slab = new Uint8Array([1, 2, 3, ...address, 4])
        const key = `${address.join('.')}:${port}`
        if (kind === 'set') {
          map.set(slab, 3, address.length, port, value)
          model.set(key, value)
        } else if (kind === 'delete') {
          expect(map.delete(slab, 3, address.length, port)).toBe(model.delete(key))
        }
        expect(map.get(slab, 3, address.length, port)).toBe(model.get(key))
        expect(map.size).toBe(model.size)
      }
      expect([...map.values()].sort()).toEqual([...model.values()].sort())
    }),
  )
})

test('20,000 addresses that differ in one place each', () => {
  const map = new TransportAddressMap<number>()
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 20_000; i++) {
    bytes.fill(0)
    bytes[i % 16] = i >> 4
    map.set(bytes, 0, 16, i >> 12, i)
    expect(map.get(bytes, 0, 16, i >> 12)).toBe(i)
  }
  map.clear()
  expect(map.size).toBe(0)
  expect([...map.values()]).toEqual([])
})

test('keys of any other length are refused', () => {
  const map = new TransportAddressMap<number>()
  for (const length of [0, 5, 15, 17]) expect(() => map.set(new Uint8Array(20), 0, length, 0, 1)).toThrow(RangeError)
})

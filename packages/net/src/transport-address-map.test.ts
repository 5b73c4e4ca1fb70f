import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { IpAddress } from './ip-address.ts'
import { TransportAddressMap } from './transport-address-map.ts'

/** Few enough to meet again: in one chain if all keys collide. */
const address = fc
  .constantFrom('127.0.0.1', '::ffff:127.0.0.1', '7f00:1::', '::', '0.0.0.0', '::1', '1::', '0:0:1::', '0:0:0:0:1::')
  .map(text => IpAddress.parse(text).bytes)

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

/** The map with hash tables full of zeros: all keys collide. */
async function collidingMap(): Promise<typeof TransportAddressMap> {
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(array => array)
  vi.resetModules()
  return (await import('./transport-address-map.ts')).TransportAddressMap
}

test.each([
  ['as it is', async () => TransportAddressMap],
  ['when all keys collide', collidingMap],
])('it is a Map, whatever is done to it: %s', async (_, load) => {
  const AddressMap = await load()
  const action = fc.record({ kind: fc.constantFrom('set', 'get', 'delete'), address, port: fc.nat(3), value: fc.nat() })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), actions => {
      const map = new AddressMap<number>()
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

test.each([0, 1, 2, 3, 4])('of five keys that collide number %i can go', async gone => {
  const AddressMap = await collidingMap()
  const map = new AddressMap<number>()
  const keys = [0, 1, 2, 3, 4].map(i => new Uint8Array(4).fill(i))
  keys.forEach((key, i) => {
    map.set(key, 0, 4, 0, i)
  })
  expect(map.delete(new Uint8Array(4).fill(gone), 0, 4, 0)).toBe(true)
  expect(keys.map(key => map.get(key, 0, 4, 0))).toEqual([0, 1, 2, 3, 4].map(i => (i === gone ? undefined : i)))
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

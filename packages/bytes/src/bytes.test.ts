import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setUint16At, setUint32At, uint16At, uint32At } from './big-endian.ts'
import { equalBytes, equalConstantTime } from './compare.ts'
import { crc32 } from './crc32.ts'
import { fromHex, toHex } from './hex.ts'
import { sequenceDistance } from './sequence.ts'

test('CRC-32: the check value of the catalogues', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array())).toBe(0)
})

test('CRC-32 agrees with zlib over any part of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), fc.nat(40), (bytes, from, cut) => {
      const end = Math.max(0, bytes.length - cut)
      const start = Math.min(from, end)
      expect(crc32(bytes, start, end)).toBe(zlibCrc32(bytes.subarray(start, end)))
    }),
  )
})

test('both comparisons say the same, and what every() says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(39), fc.integer({ min: 0, max: 255 }), (bytes, at, flip) => {
      const other = Uint8Array.from(bytes)
      if (at < other.length) other[at] = (other[at] as number) ^ flip
      const same = toHex(bytes) === toHex(other)
      expect(equalBytes(bytes, other)).toBe(same)
      expect(equalConstantTime(bytes, other)).toBe(same)
    }),
  )
  expect(equalBytes(new Uint8Array(2), new Uint8Array(3))).toBe(false)
  expect(equalConstantTime(new Uint8Array(2), new Uint8Array(3))).toBe(false)
})

test('hexadecimal, both ways', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
  expect(fromHex(' 00 fF\n1a')).toEqual(new Uint8Array([0, 255, 26]))
  for (const bad of ['0', 'zz', '0x10', '12 3']) expect(() => fromHex(bad), bad).toThrow(RangeError)
})

test('unchecked accessors: network order, all 32 bits', () => {
  const bytes = new Uint8Array(8)
  setUint32At(bytes, 1, 0xfedcba98)
  setUint16At(bytes, 5, 0xffee)
  expect(toHex(bytes)).toBe('00fedcba98ffee00')
  expect(uint32At(bytes, 1)).toBe(0xfedcba98)
  expect(uint16At(bytes, 5)).toBe(0xffee)
  expect(uint32At(bytes, 6)).toBe(0xee000000)
  expect(uint16At(bytes, 100)).toBe(0)
})

test.each([
  [0, 1, 1],
  [1, 0, -1],
  [65535, 0, 1],
  [0, 65535, -1],
  [65000, 200, 736],
  [0, 32767, 32767],
  [0, 32768, -32768],
])('sequence numbers: from %i to %i is %i', (from, to, distance) => {
  expect(sequenceDistance(from, to)).toBe(distance)
})

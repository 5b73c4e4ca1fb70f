import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHeader, encodeHeader } from './header.ts'
import { fromHex, toHex } from './testing/hex.ts'

/** From RFC 9605 appendix C.1: KID, CTR, header. */
const vectors: readonly [bigint, bigint, string][] = [
  [0x0n, 0x0n, '00'],
  [0x0n, 0x1n, '01'],
  [0x0n, 0xffn, '08ff'],
  [0x0n, 0x100n, '090100'],
  [0x0n, 0xffffn, '09ffff'],
  [0x0n, 0x1_0000n, '0a010000'],
  [0x0n, 0xff_ffffn, '0affffff'],
  [0x0n, 0x100_0000n, '0b01000000'],
  [0x0n, 0xffff_ffffn, '0bffffffff'],
  [0x0n, 0x1_0000_0000n, '0c0100000000'],
  [0x0n, 0xff_ffff_ffffn, '0cffffffffff'],
  [0x0n, 0x100_0000_0000n, '0d010000000000'],
  [0x0n, 0xffff_ffff_ffffn, '0dffffffffffff'],
  [0x0n, 0x1_0000_0000_0000n, '0e01000000000000'],
  [0x0n, 0xff_ffff_ffff_ffffn, '0effffffffffffff'],
  [0x0n, 0x100_0000_0000_0000n, '0f0100000000000000'],
  [0x0n, 0xffff_ffff_ffff_ffffn, '0fffffffffffffffff'],
  [0x1n, 0x0n, '10'],
  [0x1n, 0x1n, '11'],
  [0x1n, 0xffn, '18ff'],
  [0xffn, 0x0n, '80ff'],
  [0xffn, 0x1n, '81ff'],
  [0xffn, 0xffn, '88ffff'],
  [0xffn, 0x100n, '89ff0100'],
  [0x100n, 0x1n, '910100'],
  [0x100n, 0xffffn, '990100ffff'],
  [0xffffn, 0x1_0000n, '9affff010000'],
  [0x1_0000n, 0xff_ffffn, 'aa010000ffffff'],
  [0xff_ffffn, 0x100_0000n, 'abffffff01000000'],
  [0x100_0000n, 0x0n, 'b001000000'],
  [0xffff_ffffn, 0x1_0000_0000n, 'bcffffffff0100000000'],
  [0x1_0000_0000n, 0xff_ffff_ffffn, 'cc0100000000ffffffffff'],
  [0xff_ffff_ffffn, 0x1n, 'c1ffffffffff'],
  [0x1_0000_0000_0000n, 0xffff_ffff_ffff_ffffn, 'ef01000000000000ffffffffffffffff'],
  [0xff_ffff_ffff_ffffn, 0x100_0000_0000n, 'edffffffffffffff010000000000'],
  [0x100_0000_0000_0000n, 0xffn, 'f80100000000000000ff'],
  [0x100_0000_0000_0000n, 0x100_0000_0000_0000n, 'ff01000000000000000100000000000000'],
  [0xffff_ffff_ffff_ffffn, 0x0n, 'f0ffffffffffffffff'],
  [0xffff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn, 'ffffffffffffffffffffffffffffffffff'],
]

test('headers of RFC 9605, written and read', () => {
  for (const [keyId, counter, hex] of vectors) {
    expect(toHex(encodeHeader(keyId, counter))).toBe(hex)
    expect(decodeHeader(fromHex(`${hex}aabb`))).toEqual({ keyId, counter, length: hex.length / 2 })
  }
})

test('any numbers come back as they were', () => {
  const number = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
  fc.assert(
    fc.property(number, number, (keyId, counter) => {
      const header = encodeHeader(keyId, counter)
      expect(decodeHeader(header)).toEqual({ keyId, counter, length: header.length })
    }),
  )
})

test('a header is cut off nowhere, and has one form only', () => {
  const whole = encodeHeader(0x1234n, 0x56789an)
  for (let length = 0; length < whole.length; length++) expect(decodeHeader(whole.subarray(0, length))).toBeUndefined()
  for (const padded of ['8007', '0807', '90 0012', '09 0012']) {
    expect(decodeHeader(fromHex(padded.replace(' ', '')))).toBeUndefined()
  }
})

test('what does not fit into 64 bits is refused', () => {
  for (const number of [-1n, 1n << 64n]) {
    expect(() => encodeHeader(number, 0n)).toThrow(RangeError)
    expect(() => encodeHeader(0n, number)).toThrow(RangeError)
  }
})

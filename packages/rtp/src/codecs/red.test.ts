import { fromHex, toHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RedBlocks } from './red.ts'

test('redundancies first, the primary last (RFC 2198 §4)', () => {
  // Timestamp offset 960 and 3 bytes, 480 and 2 bytes, then the primary.
  const bytes = fromHex('ffff ef0f0003 ef078002 6f 010203 0405 060708')
  const red = new RedBlocks()
  expect(red.parse(bytes, 2, bytes.length)).toBe(true)
  const blocks = Array.from({ length: red.count }, (_, i) => ({
    payloadType: red.payloadTypes[i],
    timestampOffset: red.timestampOffsets[i],
    data: toHex(bytes.subarray(red.offsets[i], (red.offsets[i] ?? 0) + (red.lengths[i] ?? 0))),
  }))
  expect(blocks).toEqual([
    { payloadType: 111, timestampOffset: 960, data: '010203' },
    { payloadType: 111, timestampOffset: 480, data: '0405' },
    { payloadType: 111, timestampOffset: 0, data: '060708' },
  ])
  expect(red.parse(fromHex('6f'), 0, 1)).toBe(true)
  expect(red).toMatchObject({ count: 1 })
  expect(red.lengths[0]).toBe(0)
  for (const bad of ['', 'ef', 'ef0f00', 'ef0f0003', 'ef0f0003 6f 0102', 'ef000000'.repeat(32).concat('6f')]) {
    const payload = fromHex(bad)
    expect(red.parse(payload, 0, payload.length), bad).toBe(false)
  }
})

test('blocks written field by field are read back', () => {
  const block = fc.record({ payloadType: fc.nat(127), offset: fc.nat(0x3fff), length: fc.nat(0x3ff) })
  fc.assert(
    fc.property(fc.array(block, { maxLength: 31 }), fc.nat(127), fc.nat(1000), (blocks, payloadType, length) => {
      const heads = blocks.flatMap(one => [
        0x80 | one.payloadType,
        one.offset >> 6,
        ((one.offset & 0x3f) << 2) | (one.length >> 8),
        one.length & 0xff,
      ])
      const data = blocks.reduce((sum, one) => sum + one.length, 0) + length
      const payload = [...heads, payloadType, ...Array(data).fill(0)]
      const [start, end] = [7, 7 + payload.length]
      const bytes = Uint8Array.from([...Array(start).fill(0xff), ...payload, 0xff, 0xff])
      const red = new RedBlocks()
      expect(red.parse(bytes, start, end)).toBe(true)
      const expected = [...blocks, { payloadType, offset: 0, length }]
      let at = start + heads.length + 1
      expect(red.count).toBe(expected.length)
      for (const [i, one] of expected.entries()) {
        expect([red.payloadTypes[i], red.timestampOffsets[i], red.offsets[i], red.lengths[i]]).toEqual([
          one.payloadType,
          one.offset,
          at,
          one.length,
        ])
        at += one.length
      }
      expect(at).toBe(end)
    }),
  )
})

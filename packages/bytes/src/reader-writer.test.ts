import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DecodeError, EncodeError } from './errors.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const width = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })

test('what is written is read back, whatever the mix and the place in the buffer', () => {
  const values = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('uint8'), value: width(8) } as const),
      fc.record({ kind: fc.constant('uint16'), value: width(16) } as const),
      fc.record({ kind: fc.constant('uint24'), value: width(24) } as const),
      fc.record({ kind: fc.constant('uint32'), value: width(32) } as const),
      fc.record({ kind: fc.constant('uint64'), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) } as const),
    ),
  )
  fc.assert(
    fc.property(values, fc.nat(9), (list, start) => {
      const writer = new Writer(new Uint8Array(start + list.length * 8), 'test', start)
      for (const item of list) {
        if (item.kind === 'uint64') writer.uint64(item.value)
        else writer[item.kind](item.value)
      }
      const reader = new Reader(writer.bytes, 'test', start, writer.offset)
      for (const item of list) expect(reader[item.kind]()).toBe(item.value)
      reader.done()
    }),
  )
})

test('network order', () => {
  const writer = new Writer(new Uint8Array(18), 'test')
  writer.uint16(0x0102)
  writer.uint24(0x030405)
  writer.uint32(0xf6070809)
  writer.uint64(0xa0b0c0d0e0f00011n)
  writer.uint8(0xff)
  expect([...writer.bytes]).toEqual([1, 2, 3, 4, 5, 0xf6, 7, 8, 9, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0, 0, 0x11, 0xff])
})

test('text is UTF-8, byte order marks included, and reports its size', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const writer = new Writer(new Uint8Array(text.length * 3), 'test')
      const length = writer.text(text)
      expect(new Reader(writer.bytes, 'test').text(length)).toBe(text)
    }),
  )
  const writer = new Writer(new Uint8Array(8), 'test')
  expect(writer.text('\ufeffé')).toBe(5)
  expect(new Reader(writer.bytes, 'test', 0, 5).text()).toBe('\ufeffé')
})

test('reading outside the window throws with the place, and moves nothing', () => {
  const reader = new Reader(new Uint8Array(10), 'stun/lifetime', 2, 5)
  for (const read of [
    () => reader.uint32(),
    () => reader.uint64(),
    () => reader.take(4),
    () => reader.take(-1),
    () => reader.take(Number.NaN),
    () => reader.skip(4),
    () => reader.text(4),
  ]) {
    expect(read).toThrow(DecodeError)
    expect(reader.remaining).toBe(3)
  }
  expect(() => reader.uint32()).toThrow('stun/lifetime: 4 bytes wanted, 3 left')
  expect(() => reader.done()).toThrow('3 bytes too many')
  expect(reader.uint24()).toBe(0)
  reader.done()
  expect(() => reader.window('x', 4, 11)).toThrow(DecodeError)
  expect(() => reader.window('x', 4, 3)).toThrow(DecodeError)
  expect(() => new Reader(new Uint8Array(3), 'x', -1)).toThrow(DecodeError)
})

test('a decode error knows its place and its cause', () => {
  const reader = new Reader(new Uint8Array([0xc3, 0x28]), 'stun/username')
  const error = caught(() => reader.text())
  expect(error).toBeInstanceOf(DecodeError)
  expect(error).toMatchObject({ name: 'DecodeError', place: 'stun/username', message: 'stun/username: not UTF-8' })
  expect((error as Error).cause).toBeInstanceOf(TypeError)
})

test('views, not copies', () => {
  const bytes = new Uint8Array([1, 2, 3, 4])
  const view = new Reader(bytes, 'test').take(2)
  bytes[0] = 9
  expect([...view]).toEqual([9, 2])
})

test('a value that does not fit is refused and not cut', () => {
  const writer = new Writer(new Uint8Array(64), 'test')
  for (const write of [
    () => writer.uint8(256),
    () => writer.uint8(-1),
    () => writer.uint16(0x10000),
    () => writer.uint16(1.5),
    () => writer.uint24(0x1000000),
    () => writer.uint32(2 ** 32),
    () => writer.uint32(Number.NaN),
    () => writer.uint64(2n ** 64n),
    () => writer.uint64(-1n),
  ]) {
    expect(write).toThrow(EncodeError)
  }
  expect(writer.offset).toBe(0)
})

test('writing past the end is refused and leaves the neighbour alone', () => {
  const bytes = new Uint8Array(8).fill(7)
  const writer = new Writer(bytes, 'test', 2, 4)
  for (const write of [
    () => writer.uint24(1),
    () => writer.uint32(1),
    () => writer.uint64(1n),
    () => writer.put(new Uint8Array(3)),
    () => writer.zeros(3),
    () => writer.zeros(-1),
  ]) {
    expect(write).toThrow(EncodeError)
  }
  expect([...bytes]).toEqual(new Array(8).fill(7))
  expect(() => writer.text('abc')).toThrow('test: no room for 3 characters in 2 bytes')
  expect([...bytes.subarray(4)]).toEqual([7, 7, 7, 7])
  expect(() => writer.target(bytes, 3, 9)).toThrow(EncodeError)
})

test('one writer serves many places', () => {
  const slab = new Uint8Array(8)
  const writer = new Writer(slab, 'test')
  for (const at of [6, 0, 3]) {
    writer.target(slab, at, at + 2)
    writer.uint16(at + 1)
  }
  expect([...slab]).toEqual([0, 1, 0, 0, 4, 0, 0, 7])
})

function caught(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}

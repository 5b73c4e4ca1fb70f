import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Hashed } from './hashed.ts'
import { MemoryHandle } from './memory-handle.ts'
import { Meter } from './meter.ts'
import { StoreFailure } from './store-failure.ts'

test('a file has the same hash however its bytes passed: in order, from the middle on, or not at all', async () => {
  const bytes = new Uint8Array(randomBytes(2_500_000))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const read = (at: number, count: number) => bytes.subarray(at, at + count)
  for (const starts of [[0, 1000, 2_000_000], [1_500_000], [0, 2_000_000], []]) {
    const hashed = new Hashed()
    for (const [i, at] of starts.entries()) hashed.pass(at, bytes.subarray(at, starts[i + 1]))
    expect(await hashed.finish(bytes.length, read)).toBe(sha256)
    expect(await hashed.finish(bytes.length, read)).toBe(sha256)
  }
})

test('what is kept in memory reads as it was written, from anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.nat(300), fc.nat(100), (parts, at, count) => {
      const handle = new MemoryHandle()
      for (const part of parts) handle.write(new Uint8Array(part))
      const all = Buffer.concat(parts)
      const target = new Uint8Array(count)
      const read = handle.read(target, { at })
      expect(handle.getSize()).toBe(all.length)
      expect(Buffer.from(target.subarray(0, read))).toEqual(all.subarray(at, at + count))
    }),
  )
})

test('memory is for small files', () => {
  const handle = new MemoryHandle()
  const block = new Uint8Array(64 * 1024 * 1024)
  for (let i = 0; i < 4; i++) handle.write(block)
  expect(() => handle.write(new Uint8Array(1))).toThrow(expect.objectContaining({ code: 'storage-full' }))
  handle.truncate()
  expect(handle.getSize()).toBe(0)
})

test('what browsers throw becomes a code to act on', () => {
  const codes = ['QuotaExceededError', 'NotReadableError', 'SecurityError'].map(
    name => StoreFailure.of(new DOMException('', name)).code,
  )
  expect(codes).toEqual(['storage-full', 'file-unreadable', 'storage-unavailable'])
  expect(StoreFailure.of('odd').code).toBe('storage-unavailable')
})

test('speed is that of the last five seconds, and unknown at first', () => {
  const meter = new Meter(1000, 0)
  meter.add(2000, 100)
  expect(meter.rate(400)).toBeUndefined()
  for (let now = 500; now <= 10_000; now += 100) meter.add(1000 + 10 * now, now)
  expect(meter.rate(10_000)).toBeCloseTo(10_000)
  for (let now = 10_100; now <= 15_100; now += 100) meter.add(101_000, now)
  expect(meter.rate(15_100)).toBeCloseTo(0)
})

import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arena, addressIn, addressOf, arenaOf } from './arena.ts'
import { checkSockets } from './self-check.ts'

test('this platform has what the other tests here need', () => {
  expect(checkSockets()).toEqual({ ok: true })
})

describe('an arena', () => {
  test('is zeros, and blocks in it are aligned and apart', () => {
    const arena = new Arena(4096)
    const bytes = new Uint8Array(arena.buffer)
    expect(bytes.every(byte => byte === 0)).toBe(true)
    expect(arena.allocate(10)).toBe(0)
    expect(arena.allocate(10)).toBe(64)
    expect(arena.allocate(1, 8)).toBe(80)
    arena.close()
  })

  test('gives no more than it has', () => {
    const arena = new Arena(128)
    arena.allocate(128)
    expect(() => arena.allocate(1)).toThrow(RangeError)
    expect(() => new Arena(0)).toThrow(RangeError)
    expect(() => new Arena(Number.NaN)).toThrow(RangeError)
    expect(() => new Arena(1.5)).toThrow(RangeError)
    arena.close()
  })

  test('addresses exactly the ranges that lie inside it', () => {
    const arena = new Arena(1000)
    const base = addressIn(arena, 0, 0)
    const odd = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1000, -0, 999.5, 2 ** 53, -1))
    const near = fc.integer({ min: -10, max: 1010 })
    fc.assert(
      fc.property(fc.oneof(odd, near), fc.oneof(odd, near), (offset, length) => {
        const inside = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0
        if (inside && offset + length <= 1000) expect(addressIn(arena, offset, length)).toBe(base + offset)
        else expect(() => addressIn(arena, offset, length)).toThrow(RangeError)
      }),
    )
    arena.close()
  })

  test('is found again from its memory, and nothing else is', () => {
    const [one, two] = [new Arena(100), new Arena(100)]
    for (let round = 0; round < 2; round++) {
      expect(arenaOf(one.buffer)).toBe(one)
      expect(arenaOf(two.buffer)).toBe(two)
      expect(arenaOf(new ArrayBuffer(100))).toBeUndefined()
    }
    const part = new Uint8Array(one.buffer, 10, 20)
    expect(addressOf(part, 5, 20)).toBe(addressIn(one, 15, 15))
    for (const [start, end] of [
      [-1, 5],
      [0, 21],
      [6, 5],
      [Number.NaN, 5],
      [0, 1.5],
    ] as const) {
      expect(() => addressOf(part, start, end)).toThrow(RangeError)
    }
    expect(() => addressOf(new Uint8Array(10), 0, 1)).toThrow('do not lie in an arena')
    one.close()
    expect(() => addressOf(part, 0, 1)).toThrow('closed arena')
    two.close()
  })

  test('when closed hands out no address, and its views can still be touched', () => {
    const arena = new Arena(4096)
    const bytes = new Uint8Array(arena.buffer)
    bytes.fill(7)
    arena.close()
    arena.close()
    expect(() => addressIn(arena, 0, 1)).toThrow('closed arena')
    bytes[5] = 1
    expect(bytes[4095]).toBe(0)
  })

  test('is unmapped once no view of it is left', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const mappedMiB = () => Number(/^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
    const before = mappedMiB()
    const peak = (() => {
      const arenas = Array.from({ length: 20 }, () => new Arena(64 << 20))
      for (const arena of arenas) arena.close()
      return mappedMiB()
    })()
    expect(peak - before).toBeGreaterThan(1200)
    const deadline = performance.now() + 20_000
    while (mappedMiB() - before > 600 && performance.now() < deadline) {
      collect()
      await new Promise(setImmediate)
    }
    expect(mappedMiB() - before).toBeLessThan(600)
  })
})

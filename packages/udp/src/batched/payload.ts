import type { Arena } from '@parley/ffi'
import { Stretch } from '../stretch.ts'

/** What is sent until the next flush: ranges that were reserved, and copies of what does not lie in the arena. */
const BYTES = 512 * 1024

/** Finds the place in the arena from which bytes are sent. */
export class Payload {
  readonly outgoing: Uint8Array
  readonly #buffer: ArrayBuffer
  readonly #stretch: Stretch

  constructor(arena: Arena) {
    this.#buffer = arena.buffer
    this.outgoing = new Uint8Array(arena.buffer, arena.allocate(BYTES), BYTES)
    this.#stretch = new Stretch(this.outgoing)
  }

  /** Arena bytes that this takes. */
  static readonly bytes = BYTES + 64

  /** Whether `bytes` lie in the arena already and need no copy. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer
  }

  /** Whether so many bytes more have room. */
  fits(length: number): boolean {
    return this.#stretch.fits(length)
  }

  /** Reserves `length` bytes, which must fit, and returns their offset in {@link outgoing}. */
  reserve(length: number): number {
    return this.#stretch.take(length)
  }

  /** Gives back what was reserved last behind `end`. */
  trim(end: number): void {
    this.#stretch.trim(end)
  }

  /** Copies `bytes` from `start` to `end` and returns the offset of the copy in the arena. */
  copy(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#stretch.take(end - start)
    this.outgoing.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at)
    return this.outgoing.byteOffset + at
  }

  /** Forgets all of it. */
  clear(): void {
    this.#stretch.clear()
  }
}

import type { Arena } from '@parley/ffi'
import { Stretch } from '../stretch.ts'

/** Room for what is sent until the next flush: reserved ranges, and copies of what does not lie in the arena. */
const BYTES = 512 * 1024

/** The part of the arena that datagrams are written or copied to before they are sent. */
export class Payload {
  readonly outgoing: Uint8Array
  readonly #buffer: ArrayBuffer
  readonly #stretch: Stretch

  constructor(arena: Arena) {
    this.#buffer = arena.buffer
    this.outgoing = new Uint8Array(arena.buffer, arena.allocate(BYTES), BYTES)
    this.#stretch = new Stretch(this.outgoing)
  }

  /** How many bytes of the arena it takes. */
  static readonly bytes = BYTES + 64

  /** Whether `bytes` lie in the arena already, and need no copy. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer
  }

  /** Whether there is room for `length` more bytes. */
  fits(length: number): boolean {
    return this.#stretch.fits(length)
  }

  /** Reserves `length` bytes, which must fit. Returns their offset in {@link outgoing}. */
  reserve(length: number): number {
    return this.#stretch.take(length)
  }

  /** Gives back what was reserved last, from `end` on. */
  trim(end: number): void {
    this.#stretch.trim(end)
  }

  /** Copies `bytes` from `start` to `end`, which must fit. Returns the offset of the copy in the arena. */
  copy(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#stretch.take(end - start)
    this.outgoing.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at)
    return this.outgoing.byteOffset + at
  }

  /** Frees all of it. */
  clear(): void {
    this.#stretch.clear()
  }
}

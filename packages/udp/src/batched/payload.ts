import type { Arena } from '@parley/ffi'

/** Datagrams that do not lie in the arena are copied here, until the next flush. */
const COPIES = 256 * 1024

/** Finds the place in the arena from which bytes are sent. */
export class Payload {
  readonly #buffer: ArrayBuffer
  readonly #copies: Uint8Array
  #used = 0

  constructor(arena: Arena) {
    this.#buffer = arena.buffer
    this.#copies = new Uint8Array(arena.buffer, arena.allocate(COPIES), COPIES)
  }

  /** Arena bytes that this takes. */
  static readonly bytes = COPIES + 64

  /** Whether `bytes` lie in the arena already and need no copy. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer
  }

  /** Whether a copy of so many bytes has room. */
  fits(length: number): boolean {
    return this.#used + length <= COPIES
  }

  /** Copies `bytes` from `start` to `end` and returns the offset of the copy in the arena. */
  copy(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#used
    this.#copies.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at)
    this.#used = at + end - start
    return this.#copies.byteOffset + at
  }

  /** Forgets the copies. */
  clear(): void {
    this.#used = 0
  }
}

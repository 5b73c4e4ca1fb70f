import { byteAt, uint16At, uint32At } from './big-endian.ts'
import { DecodeError } from './errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a range of bytes in network order, and never outside it: reading past its end throws {@link DecodeError} with the
 * reader's place. Byte strings are views of the input, so they are valid for as long as its buffer is.
 *
 * @example
 * const reader = new Reader(bytes, 'stun/lifetime')
 * const seconds = reader.uint32()
 * reader.done()
 */
export class Reader {
  readonly bytes: Uint8Array
  #place: string
  #offset: number
  #end: number

  constructor(bytes: Uint8Array, place: string, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.#place = place
    this.#offset = start
    this.#end = end
    this.window(place, start, end)
  }

  /** Moves the reader to another range of the same bytes. */
  window(place: string, start: number, end: number): this {
    if (!(start >= 0 && start <= end && end <= this.bytes.length)) {
      throw new DecodeError(place, `bytes ${start} to ${end} of ${this.bytes.length}`)
    }
    this.#place = place
    this.#offset = start
    this.#end = end
    return this
  }

  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#end - this.#offset
  }

  uint8(): number {
    return byteAt(this.bytes, this.#advance(1))
  }

  uint16(): number {
    return uint16At(this.bytes, this.#advance(2))
  }

  uint24(): number {
    const offset = this.#advance(3)
    return (byteAt(this.bytes, offset) << 16) | uint16At(this.bytes, offset + 1)
  }

  uint32(): number {
    return uint32At(this.bytes, this.#advance(4))
  }

  uint64(): bigint {
    const offset = this.#advance(8)
    return (BigInt(uint32At(this.bytes, offset)) << 32n) | BigInt(uint32At(this.bytes, offset + 4))
  }

  /** The next `length` bytes (default: all that are left), as a view. */
  take(length: number = this.remaining): Uint8Array {
    const offset = this.#advance(length)
    return this.bytes.subarray(offset, offset + length)
  }

  /** The next `length` bytes (default: all that are left) as text. Throws if they are not UTF-8. */
  text(length: number = this.remaining): string {
    const bytes = this.take(length)
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      throw new DecodeError(this.#place, 'not UTF-8', { cause })
    }
  }

  skip(length: number): void {
    this.#advance(length)
  }

  /** Throws if anything is left. */
  done(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes too many`)
  }

  fail(problem: string): never {
    throw new DecodeError(this.#place, problem)
  }

  #advance(length: number): number {
    const offset = this.#offset
    if (!(length >= 0 && length <= this.#end - offset)) {
      this.fail(`${length} bytes wanted, ${this.#end - offset} left`)
    }
    this.#offset = offset + length
    return offset
  }
}

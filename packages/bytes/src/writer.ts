import { setUint16At, setUint32At } from './big-endian.ts'
import { EncodeError } from './errors.ts'

const utf8 = new TextEncoder()

/**
 * Writes values in network order into the caller's bytes, and never past their end. A value that is out of range, or does not
 * fit, throws {@link EncodeError} with the writer's place. Allocates nothing.
 */
export class Writer {
  /** What errors name as the place. Set it before each part of a message. */
  place: string
  #bytes: Uint8Array
  #offset: number
  #end: number

  constructor(bytes: Uint8Array, place: string, start = 0, end = bytes.length) {
    this.place = place
    this.#bytes = bytes
    this.#offset = start
    this.#end = end
    this.target(bytes, start, end)
  }

  /** Moves the writer to another range of bytes. */
  target(bytes: Uint8Array, start = 0, end = bytes.length): this {
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new EncodeError(this.place, `bytes ${start} to ${end} of ${bytes.length}`)
    }
    this.#bytes = bytes
    this.#offset = start
    this.#end = end
    return this
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Where the next byte goes. */
  get offset(): number {
    return this.#offset
  }

  uint8(value: number): void {
    if ((value & 0xff) !== value) this.fail(`${value} does not fit 8 bits`)
    this.#bytes[this.#advance(1)] = value
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) this.fail(`${value} does not fit 16 bits`)
    setUint16At(this.#bytes, this.#advance(2), value)
  }

  uint24(value: number): void {
    if ((value & 0xffffff) !== value) this.fail(`${value} does not fit 24 bits`)
    const offset = this.#advance(3)
    this.#bytes[offset] = value >>> 16
    setUint16At(this.#bytes, offset + 1, value)
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) this.fail(`${value} does not fit 32 bits`)
    setUint32At(this.#bytes, this.#advance(4), value)
  }

  uint64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) this.fail(`${value} does not fit 64 bits`)
    const offset = this.#advance(8)
    setUint32At(this.#bytes, offset, Number(value >> 32n))
    setUint32At(this.#bytes, offset + 4, Number(value & 0xffffffffn))
  }

  put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#advance(bytes.length))
  }

  /** Writes UTF-8. Returns how many bytes that took. A lone surrogate becomes U+FFFD. */
  text(value: string): number {
    const room = this.#bytes.subarray(this.#offset, this.#end)
    const { read, written } = utf8.encodeInto(value, room)
    if (read < value.length) this.fail(`no room for ${value.length} characters in ${room.length} bytes`)
    this.#offset += written
    return written
  }

  zeros(length: number): void {
    const offset = this.#advance(length)
    this.#bytes.fill(0, offset, offset + length)
  }

  fail(problem: string): never {
    throw new EncodeError(this.place, problem)
  }

  #advance(length: number): number {
    const offset = this.#offset
    if (!(length >= 0 && length <= this.#end - offset)) {
      this.fail(`no room for ${length} bytes, ${this.#end - offset} left`)
    }
    this.#offset = offset + length
    return offset
  }
}

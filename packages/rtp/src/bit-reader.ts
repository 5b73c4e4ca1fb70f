import { byteAt } from '@parley/bytes'

/**
 * Reads bits, the most significant bit of each byte first. Reusable; allocates nothing and never throws: past the end it
 * reads zeros and sets `overrun`.
 */
export class BitReader {
  /** Something was read past the end. */
  overrun = false
  #bytes: Uint8Array = new Uint8Array()
  #bit = 0
  #end = 0

  /** Starts over at byte `start`; reads nothing from byte `end` on. */
  target(bytes: Uint8Array, start: number, end: number): this {
    this.#bytes = bytes
    this.#bit = start * 8
    this.#end = Math.min(end, bytes.length) * 8
    this.overrun = false
    return this
  }

  flag(): boolean {
    return this.bits(1) === 1
  }

  /** The next `count` bits, at most 32, as a number. */
  bits(count: number): number {
    if (this.#bit + count > this.#end) {
      this.#bit = this.#end
      this.overrun = true
      return 0
    }
    let value = 0
    for (let left = count; left > 0; ) {
      const inByte = this.#bit & 7
      const take = Math.min(left, 8 - inByte)
      const part = (byteAt(this.#bytes, this.#bit >> 3) >> (8 - inByte - take)) & ((1 << take) - 1)
      value = value * (1 << take) + part
      this.#bit += take
      left -= take
    }
    return value
  }

  /** ns(n): a number below `limit`, where the lower numbers may take a bit less (AV1 §4.10.7). */
  nonSymmetric(limit: number): number {
    let width = 0
    for (let rest = limit; rest > 0; rest >>= 1) width++
    const short = (1 << width) - limit
    const value = this.bits(width - 1)
    return value < short ? value : (value << 1) - short + this.bits(1)
  }
}

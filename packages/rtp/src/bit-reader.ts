import { byteAt } from '@parley/bytes'

/**
 * Reads bits, the first of a byte first. Reusable, allocates nothing and does not throw: past the end it reads zeros and
 * says so in `overrun`.
 */
export class BitReader {
  /** More was read than there was. */
  overrun = false
  #bytes: Uint8Array = new Uint8Array()
  #bit = 0
  #end = 0

  /** Begins anew at byte `start`; not a bit from byte `end` on is read. */
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

  /** ns(n): a number below `limit` in as few bits as that takes (AV1 §4.10.7). */
  nonSymmetric(limit: number): number {
    let width = 0
    for (let rest = limit; rest > 0; rest >>= 1) width++
    const short = (1 << width) - limit
    const value = this.bits(width - 1)
    return value < short ? value : (value << 1) - short + this.bits(1)
  }
}

/** Memory that is handed out piece by piece, from its beginning, until it is cleared. */
export class Stretch {
  readonly bytes: Uint8Array
  #used = 0
  /** Where the last piece begins. */
  #last = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  fits(length: number): boolean {
    return this.#used + length <= this.bytes.length
  }

  /** Hands out the next `length` bytes, which must fit. Returns their offset. */
  take(length: number): number {
    this.#last = this.#used
    this.#used += length
    return this.#last
  }

  /** Takes back the last piece from `end` on. Throws RangeError if `end` is not within that piece. */
  trim(end: number): void {
    if (!Number.isInteger(end) || end < this.#last || end > this.#used) {
      throw new RangeError(`${end} is not within ${this.#last} to ${this.#used}, which was reserved last`)
    }
    this.#used = end
  }

  clear(): void {
    this.#used = 0
    this.#last = 0
  }
}

/** Throws RangeError unless `length` is between 0 and `most`. */
export function requireReservable(length: number, most: number): void {
  if (!Number.isInteger(length) || length < 0 || length > most) {
    throw new RangeError(`${length} bytes cannot be reserved; 0 to ${most} can`)
  }
}

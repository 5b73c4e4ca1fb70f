import { sequenceDistance } from '@parley/bytes'

/** How far `to` is ahead of `from` among 32-bit timestamps: -2^31 to 2^31 - 1, the short way round. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0
}

/**
 * Gives numbers that wrap round a place on an endless line, next to the highest so far: the first stays what it is, those
 * before it may come out negative.
 *
 * @example
 * const sequence = new SequenceUnwrapper()
 * sequence.unwrap(65535) // 65535
 * sequence.unwrap(1) // 65537
 * sequence.unwrap(0) // 65536
 */
class Unwrapper {
  readonly #distance: (from: number, to: number) => number
  readonly #modulus: number
  #highest = Number.NaN

  constructor(distance: (from: number, to: number) => number, modulus: number) {
    this.#distance = distance
    this.#modulus = modulus
  }

  /** The highest number so far; NaN before the first. */
  get highest(): number {
    return this.#highest
  }

  unwrap(value: number): number {
    const highest = this.#highest
    if (Number.isNaN(highest)) {
      this.#highest = value
      return value
    }
    const unwrapped = highest + this.#distance(highest % this.#modulus, value)
    if (unwrapped > highest) this.#highest = unwrapped
    return unwrapped
  }
}

/** {@link Unwrapper} of 16-bit sequence numbers: extended sequence numbers (RFC 3550 §6.4.1). */
export class SequenceUnwrapper extends Unwrapper {
  constructor() {
    super(sequenceDistance, 0x10000)
  }
}

/** {@link Unwrapper} of 32-bit RTP timestamps. */
export class TimestampUnwrapper extends Unwrapper {
  constructor() {
    super(timestampDistance, 0x100000000)
  }
}

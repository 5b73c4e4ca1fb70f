import { sequenceDistance } from '@parley/bytes'

/** How far the 32-bit timestamp `to` is ahead of `from`, the shorter way round: -2^31 to 2^31 - 1. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0
}

/**
 * Turns numbers that wrap into numbers that do not, choosing for each the value nearest to the highest so far. The first
 * keeps its value; earlier ones that come after it may turn out negative.
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

/** An {@link Unwrapper} for 16-bit sequence numbers, which yields extended sequence numbers (RFC 3550 §6.4.1). */
export class SequenceUnwrapper extends Unwrapper {
  constructor() {
    super(sequenceDistance, 0x10000)
  }
}

/** An {@link Unwrapper} for 32-bit RTP timestamps. */
export class TimestampUnwrapper extends Unwrapper {
  constructor() {
    super(timestampDistance, 0x100000000)
  }
}

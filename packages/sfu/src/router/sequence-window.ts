import { sequenceDistance } from '@parley/bytes'

/**
 * What a sequence number is: ahead of all so far; behind and missing until now; had already; so far off that it begins a
 * new numbering; or stray, to be ignored.
 */
export type Arrival = 'newest' | 'late' | 'duplicate' | 'restart' | 'stray'

/** How far behind a packet is still of use, and told from one had already. */
const windowSize = 2048
const slots = windowSize / 32
/** A greater step forward is a new numbering (RFC 3550 §A.1, MAX_DROPOUT). */
const largestStep = 3000
/** So far behind a packet may merely be late (RFC 3550 §A.1, MAX_MISORDER). */
const misorder = 100
const cycle = 0x10000

/**
 * Extends the sequence numbers of a stream (RFC 3550 §A.1), and lets each pass once. A publisher that starts over under
 * the same SSRC restarts the numbering: on a great step forward at once, backward after two consecutive packets.
 */
export class SequenceWindow {
  /** The number of the packet accepted last, extended; it never comes again, not even after a restart. */
  extended = Number.NaN
  /** The highest so far; NaN before the first packet. */
  highest = Number.NaN
  readonly #seen = new Uint32Array(slots)
  /** The numbering began with it. */
  #first = 0
  /** What would be the second packet of a new numbering; -1: nothing. */
  #expectedAfterStray = -1

  accept(sequenceNumber: number): Arrival {
    const { highest } = this
    if (Number.isNaN(highest)) {
      this.#begin(cycle + sequenceNumber)
      return 'newest'
    }
    const step = sequenceDistance(highest % cycle, sequenceNumber)
    if (step > 0) {
      if (step > largestStep) return this.#restart(sequenceNumber)
      for (let number = highest + 1; number < highest + step; number++) this.#mark(number, false)
      this.#advance(highest + step)
      return 'newest'
    }
    const extended = highest + step
    if (step <= -windowSize || extended < this.#first) return this.#stray(sequenceNumber, step)
    if (this.#isSeen(extended)) return 'duplicate'
    this.#mark(extended, true)
    this.extended = extended
    return 'late'
  }

  /** The extended number of what is near the highest so far. */
  extend(sequenceNumber: number): number {
    return this.highest + sequenceDistance(this.highest % cycle, sequenceNumber)
  }

  /** Whether it has not come, and would be let pass without beginning a new numbering. */
  isMissing(sequenceNumber: number): boolean {
    const extended = this.extend(sequenceNumber)
    const step = extended - this.highest
    if (step > 0) return step <= largestStep
    return step > -windowSize && extended >= this.#first && !this.#isSeen(extended)
  }

  /** Far behind, or before the first packet of the numbering, which nobody misses. */
  #stray(sequenceNumber: number, step: number): Arrival {
    if (step > -misorder) return 'stray'
    if (sequenceNumber === this.#expectedAfterStray) return this.#restart(sequenceNumber)
    this.#expectedAfterStray = (sequenceNumber + 1) % cycle
    return 'stray'
  }

  #restart(sequenceNumber: number): Arrival {
    this.#begin((Math.floor(this.highest / cycle) + 2) * cycle + sequenceNumber)
    return 'restart'
  }

  #begin(extended: number): void {
    this.#seen.fill(0)
    this.#first = extended
    this.#advance(extended)
  }

  #advance(extended: number): void {
    this.#mark(extended, true)
    this.#expectedAfterStray = -1
    this.highest = extended
    this.extended = extended
  }

  #isSeen(extended: number): boolean {
    return ((this.#seen[(extended & (windowSize - 1)) >>> 5] as number) & (1 << (extended & 31))) !== 0
  }

  #mark(extended: number, seen: boolean): void {
    const slot = (extended & (windowSize - 1)) >>> 5
    const bit = 1 << (extended & 31)
    this.#seen[slot] = seen ? (this.#seen[slot] as number) | bit : (this.#seen[slot] as number) & ~bit
  }
}

import { sequenceDistance } from '@parley/bytes'
import { timestampDistance } from '@parley/rtp'

const cycle = 0x10000
/** Where the source changes, the next timestamp is at least so much later, so that it is another frame. */
const leastStepMs = 10

/**
 * Gives the packets of changing sources one line of sequence numbers and timestamps. A source is followed from a packet
 * on: its places and timestamps are shifted by a constant, until another {@link Renumbering.follow}. A number is never
 * given twice: what lies before the packet from which a source is followed has none.
 */
export class Renumbering {
  /** Places before this one have no number. */
  firstPlace = Number.POSITIVE_INFINITY
  /** The highest number given, extended. */
  #last: number
  #placeShift = 0
  /** Of the packet with the highest number. */
  #lastTimestamp: number
  #lastAt = Number.NaN
  #timestampShift = 0
  #source: unknown

  /** @param random 0 to 1: where the line begins (RFC 3550 §5.1), in the lower half so that SRTP's first roll-over is safe. */
  constructor(random: () => number) {
    this.#last = cycle + Math.floor(random() * (cycle / 2))
    this.#lastTimestamp = Math.floor(random() * 0x100000000)
  }

  /** Something was numbered. */
  get begun(): boolean {
    return !Number.isNaN(this.#lastAt)
  }

  /**
   * From the packet of this place on, the numbers go on after the last one given; timestamps too, by the time that has
   * passed since, unless `source` is what was followed before: its own clock tells that better.
   */
  follow(source: unknown, place: number, timestamp: number, clockRate: number, now: number): void {
    this.firstPlace = place
    this.#placeShift = this.#last + 1 - place
    const stays = source === this.#source && timestampDistance(this.#lastTimestamp, this.timestamp(timestamp)) > 0
    if (stays) return
    this.#source = source
    const elapsedMs = this.begun ? Math.max(leastStepMs, now - this.#lastAt) : 0
    this.#timestampShift = (this.#lastTimestamp + Math.round((elapsedMs * clockRate) / 1000) - timestamp) | 0
  }

  /** The packet of this place is left out, without a gap; those before it have no number any more. */
  omit(place: number): void {
    if (place < this.#last - this.#placeShift) return
    this.firstPlace = place + 1
    this.#placeShift = this.#last - place
  }

  /** The number of a place from `firstPlace` on, extended; its lower 16 bits go on the wire. */
  number(place: number): number {
    return place + this.#placeShift
  }

  timestamp(timestamp: number): number {
    return (timestamp + this.#timestampShift) >>> 0
  }

  /** This number has been used. */
  used(number: number, timestamp: number, now: number): void {
    if (number <= this.#last) return
    this.#last = number
    this.#lastTimestamp = timestamp
    this.#lastAt = now
  }

  /** The place of a sequence number given before; NaN: it has none any more, or not yet. */
  placeOf(sequenceNumber: number): number {
    const step = sequenceDistance(this.#last % cycle, sequenceNumber)
    const place = this.#last + step - this.#placeShift
    return step > 0 || place < this.firstPlace ? Number.NaN : place
  }
}

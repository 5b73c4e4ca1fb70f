import { sequenceDistance } from '@parley/bytes'
import { timestampDistance } from '@parley/rtp'
import { Compaction } from './compaction.ts'

const cycle = 0x10000
/** Where the source changes, the next timestamp is at least so much later, so that it is another frame. */
const leastStepMs = 10

/** Where two sources share a clock that tells another time than the one that passed, it is off by no more. */
const clockToleranceMs = 1000

/**
 * Gives the packets of changing sources one line of sequence numbers and timestamps. A source is followed from a packet
 * on: its places and timestamps are shifted by a constant, until another {@link Renumbering.follow}; places that are left out
 * leave no gap. A number is never given twice: what lies before the packet from which a source is followed has none.
 */
export class Renumbering {
  /** Places before this one have no number. */
  firstPlace = Number.POSITIVE_INFINITY
  /** The highest number given, extended. */
  #last: number
  #placeShift = 0
  /** The highest place that was numbered or left out since. */
  #highestPlace = Number.NEGATIVE_INFINITY
  #omitted: Compaction | undefined
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
   *
   * @param aligned What the timestamp would be by the clock that both sources share; NaN: that is not known.
   */
  follow(
    source: unknown,
    place: number,
    timestamp: number,
    clockRate: number,
    now: number,
    aligned: number = Number.NaN,
  ): void {
    this.firstPlace = place
    this.#placeShift = this.#last + 1 - place
    this.#highestPlace = Number.NEGATIVE_INFINITY
    this.#omitted = undefined
    const stays = source === this.#source && timestampDistance(this.#lastTimestamp, this.timestamp(timestamp)) > 0
    if (stays) return
    this.#source = source
    const elapsedMs = this.begun ? Math.max(leastStepMs, now - this.#lastAt) : 0
    const ticksPerMs = clockRate / 1000
    let step = Math.round(elapsedMs * ticksPerMs)
    if (!Number.isNaN(aligned)) {
      const told = timestampDistance(this.#lastTimestamp, aligned)
      const isNear = Math.abs(told - step) < clockToleranceMs * ticksPerMs
      if (isNear) step = Math.max(told, Math.round(leastStepMs * ticksPerMs))
    }
    this.#timestampShift = (this.#lastTimestamp + step - timestamp) | 0
  }

  /** The packet of this place is left out. Returns false if its number is spent, since later ones were given. */
  omit(place: number): boolean {
    if (place < this.firstPlace) return true
    if (place < this.#highestPlace) return false
    this.#highestPlace = place
    this.#omitted ??= new Compaction()
    this.#omitted.omit(place)
    return true
  }

  /** A number for a packet that has no place, after all that were given. */
  insert(): number {
    this.#omitted ??= new Compaction()
    this.#omitted.insert(this.#highestPlace + 1, 1)
    return ++this.#last
  }

  /** The timestamp of the packet with the highest number. */
  get lastTimestamp(): number {
    return this.#lastTimestamp
  }

  /** The number of a place from `firstPlace` on, extended; its lower 16 bits go on the wire. NaN: it is too far behind. */
  number(place: number): number {
    return (this.#omitted ? this.#omitted.place(place) : place) + this.#placeShift
  }

  timestamp(timestamp: number): number {
    return (timestamp + this.#timestampShift) >>> 0
  }

  /** The number of this place has been used. */
  used(place: number, number: number, timestamp: number, now: number): void {
    if (place > this.#highestPlace) this.#highestPlace = place
    if (number <= this.#last) return
    this.#last = number
    this.#lastTimestamp = timestamp
    this.#lastAt = now
  }

  /** The place of a sequence number given before; NaN: it has none any more, or not yet. */
  placeOf(sequenceNumber: number): number {
    const step = sequenceDistance(this.#last % cycle, sequenceNumber)
    if (step > 0) return Number.NaN
    const compacted = this.#last + step - this.#placeShift
    const place = this.#omitted ? this.#omitted.original(compacted) : compacted
    return place < this.firstPlace ? Number.NaN : place
  }
}

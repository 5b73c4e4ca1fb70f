/** Packets that leave within this time are one group; ms (draft-ietf-rmcat-gcc-02 §5.2). */
const groupMs = 5
/** Longer than this no burst is. */
const longestBurstMs = 100

/**
 * Gathers packets into groups and yields by how much the delay grew from one group to the next (draft-ietf-rmcat-gcc-02 §5.2):
 * what left together, and what a link delivered in one burst, is one group.
 */
export class PacketGroups {
  /** Of the last two complete groups: how much later the second arrived than left, ms. Valid when `add` returned true. */
  delayGrowthMs = 0
  /** Time between the departures of the two. */
  departureMs = 0
  /** When the last complete group had arrived. */
  arrivedAt = 0
  #firstSent = Number.NaN
  #lastSent = Number.NaN
  #firstArrived = Number.NaN
  #lastArrived = Number.NaN
  #previousSent = Number.NaN
  #previousArrived = Number.NaN

  /** Adds a packet; true: a group is complete. Packets must come in the order in which they were sent. */
  add(sentAt: number, arrivedAt: number): boolean {
    if (Number.isNaN(this.#firstSent)) {
      this.#begin(sentAt, arrivedAt)
      return false
    }
    if (sentAt < this.#firstSent) return false
    if (this.#belongs(sentAt, arrivedAt)) {
      this.#lastSent = Math.max(this.#lastSent, sentAt)
      this.#lastArrived = Math.max(this.#lastArrived, arrivedAt)
      return false
    }
    const complete = !Number.isNaN(this.#previousSent)
    if (complete) {
      this.departureMs = this.#lastSent - this.#previousSent
      this.delayGrowthMs = this.#lastArrived - this.#previousArrived - this.departureMs
      this.arrivedAt = this.#lastArrived
    }
    this.#previousSent = this.#lastSent
    this.#previousArrived = this.#lastArrived
    this.#begin(sentAt, arrivedAt)
    return complete
  }

  reset(): void {
    this.#firstSent = Number.NaN
    this.#previousSent = Number.NaN
  }

  #begin(sentAt: number, arrivedAt: number): void {
    this.#firstSent = sentAt
    this.#lastSent = sentAt
    this.#firstArrived = arrivedAt
    this.#lastArrived = arrivedAt
  }

  #belongs(sentAt: number, arrivedAt: number): boolean {
    if (sentAt - this.#firstSent <= groupMs) return true
    const caughtUp = arrivedAt - this.#lastArrived - (sentAt - this.#lastSent) < 0
    return caughtUp && arrivedAt - this.#lastArrived <= groupMs && arrivedAt - this.#firstArrived < longestBurstMs
  }
}

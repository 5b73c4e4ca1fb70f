const remembered = 256
const windowMs = 1000
/** A stream may always send so many bytes again in a second, however little it sent. */
const leastBytes = 64_000

/**
 * Bounds what is sent again to one subscriber: each packet once a round trip, and in a second at most as many bytes as
 * were forwarded in the second before.
 */
export class RetransmissionBudget {
  readonly #places = new Float64Array(remembered).fill(Number.NaN)
  readonly #sentAt = new Float64Array(remembered)
  #windowBegan = Number.NEGATIVE_INFINITY
  #octetsBefore = 0
  #allowed = leastBytes

  /** Whether the packet of this place may be sent again now; then that is taken as done. */
  take(place: number, bytes: number, octetsForwarded: number, roundTripMs: number, now: number): boolean {
    if (now - this.#windowBegan >= windowMs) {
      this.#allowed = Math.max(leastBytes, octetsForwarded - this.#octetsBefore)
      this.#octetsBefore = octetsForwarded
      this.#windowBegan = now
    }
    const slot = place & (remembered - 1)
    if (this.#places[slot] === place && now - (this.#sentAt[slot] as number) < roundTripMs) return false
    if (bytes > this.#allowed) return false
    this.#allowed -= bytes
    this.#places[slot] = place
    this.#sentAt[slot] = now
    return true
  }
}

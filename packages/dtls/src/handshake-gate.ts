/** Bounds how many handshakes are under way at once: each holds some 50 kB and costs a third of a millisecond. */
export class HandshakeGate {
  readonly #most: number
  #inside = 0
  #refused = 0

  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1) throw new RangeError(`maxHandshakes must be 1 or more, not ${most}`)
    this.#most = most
  }

  /** Handshakes under way. */
  get inside(): number {
    return this.#inside
  }

  /** How often there was no room. */
  get refused(): number {
    return this.#refused
  }

  /** Whether one more may begin; each that does must {@link leave}. */
  enter(): boolean {
    if (this.#inside < this.#most) {
      this.#inside++
      return true
    }
    this.#refused++
    return false
  }

  leave(): void {
    this.#inside--
  }
}

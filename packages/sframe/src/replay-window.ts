const size = 4096

/**
 * Remembers which counters of a key have been seen, so that no frame is accepted twice. A sender's tracks share its counter and
 * overtake each other (pictures are repaired, sound is not waited for), so a frame may be late by {@link size} others: seconds.
 */
export class ReplayWindow {
  readonly #seen = new Uint8Array(size)
  #highest = -1

  /** Whether a frame with this counter may still be accepted. */
  admits(counter: number): boolean {
    if (counter > this.#highest) return true
    return counter > this.#highest - size && this.#seen[counter % size] === 0
  }

  /** Notes a frame that was found authentic. */
  accept(counter: number): void {
    if (counter - this.#highest >= size) this.#seen.fill(0)
    else for (let between = this.#highest + 1; between < counter; between++) this.#seen[between % size] = 0
    this.#seen[counter % size] = 1
    this.#highest = Math.max(this.#highest, counter)
  }
}

const remembered = 256

/**
 * Gives every packet of a stream its place in a line of what is forwarded: without the gaps that packets left out on purpose
 * would leave, and with room for what is put in between. Packets lost on the way keep their place, so that they still fit when
 * they come late.
 */
export class Compaction {
  /** Extended numbers from which on places are shifted, ascending; the last of what was left out in a row; and the shift in all. */
  readonly #from = new Float64Array(remembered)
  readonly #to = new Float64Array(remembered)
  readonly #shifts = new Float64Array(remembered)
  #count = 0
  /** The last of them leaves something out. */
  #isOmission = false

  /** Leaves this packet out; it must be ahead of every other so far. */
  omit(extended: number): void {
    const last = (this.#count - 1) % remembered
    if (this.#isOmission && this.#to[last] === extended - 1) {
      this.#to[last] = extended
      this.#shifts[last] = this.#total(this.#count) + 1
    } else this.#shift(extended, 1)
    this.#isOmission = true
  }

  /** Makes room for so many before this packet, which must be ahead of every other so far. */
  insert(extended: number, count: number): void {
    const last = (this.#count - 1) % remembered
    if (!this.#isOmission && this.#from[last] === extended) this.#shifts[last] = this.#total(this.#count) - count
    else this.#shift(extended, -count)
    this.#isOmission = false
  }

  /** The place of a packet; NaN: so far behind that it is not known any more. */
  place(extended: number): number {
    let known = this.#count
    const oldest = this.#oldest()
    while (known > oldest && (this.#from[(known - 1) % remembered] as number) > extended) known--
    if (known === oldest && oldest > 0) return Number.NaN
    return extended - this.#total(known)
  }

  /** The packet of a place, where nothing was put in; NaN: it is not known any more. */
  original(place: number): number {
    const oldest = this.#oldest()
    for (let known = this.#count; known > oldest; known--) {
      const extended = place + this.#total(known)
      if (extended > (this.#to[(known - 1) % remembered] as number)) return extended
    }
    return oldest > 0 ? Number.NaN : place
  }

  /** The oldest that is still known. */
  #oldest(): number {
    return Math.max(0, this.#count - remembered)
  }

  #shift(extended: number, by: number): void {
    const total = this.#total(this.#count) + by
    this.#from[this.#count % remembered] = extended
    this.#to[this.#count % remembered] = extended
    this.#shifts[this.#count % remembered] = total
    this.#count++
  }

  #total(known: number): number {
    return known === 0 ? 0 : (this.#shifts[(known - 1) % remembered] as number)
  }
}

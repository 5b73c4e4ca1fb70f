const remembered = 256

/**
 * Closes the gaps that packets left out on purpose would leave: gives every other packet of a stream its place in a line
 * without them. Packets lost on the way keep their place, so that they still fit when they come late.
 */
export class Compaction {
  /** Extended numbers of the last that were left out, ascending. */
  readonly #omitted = new Float64Array(remembered)
  #count = 0

  /** Leaves this packet out; it must be ahead of every other so far. */
  omit(extended: number): void {
    this.#omitted[this.#count++ % remembered] = extended
  }

  /** The place of a packet; NaN: so far behind that it is not known any more. */
  place(extended: number): number {
    let shift = this.#count
    const oldest = Math.max(0, this.#count - remembered)
    while (shift > oldest && (this.#omitted[(shift - 1) % remembered] as number) > extended) shift--
    return shift === oldest && oldest > 0 ? Number.NaN : extended - shift
  }
}

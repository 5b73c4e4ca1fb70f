/** A power of two. */
const slots = 256

/** The places of the last few packets of a stream about which there is something to remember. */
export class RecentPlaces {
  readonly #places = new Float64Array(slots).fill(Number.NaN)

  add(place: number): void {
    this.#places[place & (slots - 1)] = place
  }

  has(place: number): boolean {
    return this.#places[place & (slots - 1)] === place
  }
}

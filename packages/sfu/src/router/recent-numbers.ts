/** A power of two. */
const slots = 256

/** Which of the last few numbers of an ascending line, such as the places of a stream, there is something to remember of. */
export class RecentNumbers {
  readonly #numbers = new Float64Array(slots).fill(Number.NaN)

  add(number: number): void {
    this.#numbers[number & (slots - 1)] = number
  }

  remove(number: number): void {
    if (this.has(number)) this.#numbers[number & (slots - 1)] = Number.NaN
  }

  has(number: number): boolean {
    return this.#numbers[number & (slots - 1)] === number
  }
}

/** The least delay of the last 30 s is taken for that of an empty queue. */
const bucketMs = 3000
const buckets = 10

/**
 * Estimates for how long packets wait in the link's queue: by how much their one-way delay exceeds the least of late. The two
 * clocks need not agree; a drift between them of 200 ppm makes 6 ms.
 */
export class QueueDelay {
  readonly #least = new Float64Array(buckets).fill(Number.POSITIVE_INFINITY)
  #bucket = 0
  #bucketBegan = Number.NaN
  #base = Number.POSITIVE_INFINITY
  #lowest = Number.POSITIVE_INFINITY
  /** Of the last report: what the luckiest of its packets waited, ms. */
  ms = 0

  /** A packet of a report; `delayMs` is arrival minus departure, each on its own clock. */
  add(delayMs: number): void {
    if (delayMs < this.#lowest) this.#lowest = delayMs
  }

  /** The report is read. */
  update(now: number): void {
    if (this.#lowest === Number.POSITIVE_INFINITY) return
    if (Number.isNaN(this.#bucketBegan)) this.#bucketBegan = now
    if (now - this.#bucketBegan >= bucketMs) {
      this.#bucketBegan = now
      this.#bucket = (this.#bucket + 1) % buckets
      this.#least[this.#bucket] = Number.POSITIVE_INFINITY
      this.#base = Math.min(...this.#least)
    }
    if (this.#lowest < (this.#least[this.#bucket] as number)) this.#least[this.#bucket] = this.#lowest
    if (this.#lowest < this.#base) this.#base = this.#lowest
    this.ms = this.#lowest - this.#base
    this.#lowest = Number.POSITIVE_INFINITY
  }

  reset(): void {
    this.#least.fill(Number.POSITIVE_INFINITY)
    this.#base = Number.POSITIVE_INFINITY
    this.#lowest = Number.POSITIVE_INFINITY
    this.ms = 0
  }
}

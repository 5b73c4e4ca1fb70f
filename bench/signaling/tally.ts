/** Counts events up to an expected number. */
export class Tally {
  readonly #expected: number
  #count = 0
  #completed: number | undefined
  #watch: (() => void) | undefined

  constructor(expected: number) {
    this.#expected = expected
  }

  add(): void {
    if (++this.#count !== this.#expected) return
    this.#completed = performance.now()
    this.#watch?.()
  }

  /** When the last one came, as `performance.now()`; undefined if none has come for `patienceMs` and some are missing. */
  async settled(patienceMs = 10_000): Promise<number | undefined> {
    while (this.#count < this.#expected) {
      const before = this.#count
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, patienceMs)
        this.#watch = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      if (this.#count === before) return undefined
    }
    return this.#completed
  }
}

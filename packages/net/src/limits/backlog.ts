/** How long somebody may read nothing, ms. */
const PATIENCE_MS = 15_000

/**
 * What to do with one more message for somebody who reads from a stream slowly, or not at all: beyond so many waiting bytes
 * it is dropped, as by a full link; if it has been so for 15 s without a pause, they read no more, and are to be let go. Pure.
 */
export class Backlog {
  readonly #most: number
  #fullSince: number | undefined

  /** @param most bytes that may wait */
  constructor(most: number) {
    this.#most = most
  }

  /** @param waiting bytes that wait already; `now` in milliseconds */
  judge(waiting: number, now: number): 'send' | 'drop' | 'close' {
    if (waiting <= this.#most) {
      this.#fullSince = undefined
      return 'send'
    }
    this.#fullSince ??= now
    return now - this.#fullSince > PATIENCE_MS ? 'close' : 'drop'
  }
}

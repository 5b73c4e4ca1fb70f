/** How long somebody may leave everything unread, ms. */
const PATIENCE_MS = 15_000

/**
 * What to do with one more message for somebody who reads a stream slowly, or not at all: when too many bytes wait already,
 * it is dropped, as a full link would drop it; when that has gone on for 15 s, nobody reads any more, and the stream is to be
 * closed. Pure.
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

/**
 * Estimates the server's clock from timestamps in its messages. Messages can be late but never early, so the best sample is
 * the one that puts the server's clock furthest ahead. Milliseconds.
 */
export class ServerClock {
  #offset: number | undefined

  /** A new connection: replaces all older samples, in case one of the clocks was set meanwhile. */
  reset(serverAt: number, now: number): void {
    this.#offset = serverAt - now
  }

  /** A message with the timestamp `serverAt` has just arrived. */
  sample(serverAt: number, now: number): void {
    this.#offset = Math.max(serverAt - now, this.#offset ?? Number.NEGATIVE_INFINITY)
  }

  /** The server's time at our time `now`. */
  at(now: number): number {
    return now + (this.#offset ?? 0)
  }
}

/**
 * Estimates the server's clock from times that it sent. A message is late, never early, so the sample that puts the
 * server furthest ahead is the best one. Milliseconds.
 */
export class ServerClock {
  #offset: number | undefined

  /** A new connection: this sample replaces the older ones, in case either clock was set meanwhile. */
  reset(serverAt: number, now: number): void {
    this.#offset = serverAt - now
  }

  /** The server said `serverAt` just now. */
  sample(serverAt: number, now: number): void {
    this.#offset = Math.max(serverAt - now, this.#offset ?? Number.NEGATIVE_INFINITY)
  }

  /** The server's time at our time `now`. */
  at(now: number): number {
    return now + (this.#offset ?? 0)
  }
}

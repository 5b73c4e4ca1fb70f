/** The time in milliseconds since 1970, and timers. */
export interface Clock {
  now(): number
  /** Calls back once, `delayMs` from now; the function returned stops it. */
  after(delayMs: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

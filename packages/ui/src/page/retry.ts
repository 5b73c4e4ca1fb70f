/** How long to wait before the next attempt, ms: 2 s, doubled each time, 30 s at most. `attempt` counts from 0. */
export function retryDelayMs(attempt: number): number {
  return Math.min(30_000, 2_000 * 2 ** Math.min(attempt, 4))
}

/** Whole seconds until a moment, for a countdown; never below 0. */
export function secondsUntil(moment: number, now: number): number {
  return Math.max(0, Math.ceil((moment - now) / 1000))
}

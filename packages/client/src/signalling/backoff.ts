/** Upper bounds in ms of the wait before the n-th attempt in a row. */
const bounds = [500, 1000, 2000, 4000, 8000, 10_000] as const

/**
 * How long to wait before trying again, ms: longer after each failure, and spread over half of it, so that a server
 * that restarts is not met by everybody in one moment.
 * @param failures Attempts that failed since it last worked.
 * @param random 0..1.
 */
export function retryDelay(failures: number, random: number): number {
  const bound = bounds[Math.min(failures, bounds.length - 1)] ?? 10_000
  return Math.round(bound * (0.5 + random / 2))
}

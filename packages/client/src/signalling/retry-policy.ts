import type { ErrorCode } from '@parley/protocol/errors'

/** What to do about a server that refused the connection. */
export type Verdict = 'retry' | 'refresh-token' | 'give-up'

const verdicts: Partial<Record<ErrorCode, Verdict>> = {
  'token-expired': 'refresh-token',
  'rate-limited': 'retry',
  'too-many-connections': 'retry',
  'server-stopping': 'retry',
  internal: 'retry',
}

/** @param canRefresh A fresh token can be had, and has not been tried since the last success. */
export function judgeRefusal(code: ErrorCode, canRefresh: boolean): Verdict {
  const verdict = verdicts[code] ?? 'give-up'
  return verdict === 'refresh-token' && !canRefresh ? 'give-up' : verdict
}

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

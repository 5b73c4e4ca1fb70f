import type { ClientErrorCode } from '../types.ts'

/** What to do when the server has refused the connection, or a seat that was had before. */
export type Verdict = 'retry' | 'refresh-token' | 'give-up'

const verdicts: Partial<Record<ClientErrorCode, Verdict>> = {
  'token-expired': 'refresh-token',
  'rate-limited': 'retry',
  'too-many-connections': 'retry',
  'server-stopping': 'retry',
  internal: 'retry',
}

/** @param canRefresh Whether a fresh token can be fetched, and has not been tried since the last success. */
export function judgeRefusal(code: ClientErrorCode, canRefresh: boolean): Verdict {
  const verdict = verdicts[code] ?? 'give-up'
  return verdict === 'refresh-token' && !canRefresh ? 'give-up' : verdict
}

/** The longest wait before the n-th attempt in a row, ms. */
const bounds = [500, 1000, 2000, 4000, 8000, 10_000] as const

/**
 * How long to wait before trying again, ms: longer after each failure, and spread over half of that time, so that not everybody
 * comes back to a restarted server at the same moment.
 * @param failures How many attempts have failed since the last success.
 * @param random 0..1.
 */
export function retryDelay(failures: number, random: number): number {
  const bound = bounds[Math.min(failures, bounds.length - 1)] ?? 10_000
  return Math.round(bound * (0.5 + random / 2))
}

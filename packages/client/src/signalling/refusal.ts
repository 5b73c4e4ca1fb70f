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

import type { LastError } from '@parley/ffi'
import type { DtlsFailure } from './types.ts'

/** Numbers of libssl's errors (sslerr.h). Those of alerts that the peer sent begin at 1000. */
const NO_CERTIFICATE = 199
const TOO_MANY_TIMEOUTS = 312
const FIRST_ALERT = 1000

export function failureOf({ reason, text }: LastError): DtlsFailure {
  if (reason === NO_CERTIFICATE) return { reason: 'no-certificate', detail: text }
  if (reason === TOO_MANY_TIMEOUTS) return { reason: 'timeout', detail: text }
  return { reason: reason >= FIRST_ALERT ? 'alert' : 'protocol', detail: text }
}

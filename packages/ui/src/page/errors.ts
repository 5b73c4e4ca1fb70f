import type { ClientError, ClientErrorCode } from '@parley/client'

/** The error's code where the SDK or the server gave one; undefined for anything else that was thrown. */
export function codeOf(error: unknown): ClientErrorCode | undefined {
  return isClientError(error) ? error.code : undefined
}

function isClientError(error: unknown): error is ClientError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'remedy' in error
}

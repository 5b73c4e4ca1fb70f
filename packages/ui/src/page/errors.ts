import type { ClientError, ClientErrorCode } from '@parley/client'

/** The code of an error from the SDK or the server; undefined for anything else that was thrown. */
export function codeOf(error: unknown): ClientErrorCode | undefined {
  return isClientError(error) ? error.code : undefined
}

function isClientError(error: unknown): error is ClientError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'remedy' in error
}

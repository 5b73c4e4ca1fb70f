import { AppError, errorCodes } from '@parley/protocol'
import type { ServerContext } from './env.ts'

/** Records a mistake of ours, with the request. */
export type Report = (error: unknown, during: { readonly method: string; readonly path: string }) => void

/** Answers with `{code, message, remedy}` and the status from the error table; an error without a code is reported. */
export function errorResponse(error: unknown, c: ServerContext, report: Report): Response {
  const known = error instanceof AppError ? error : new AppError('internal', undefined, { cause: error })
  if (known.code === 'internal') report(error, { method: c.req.method, path: c.req.path })
  c.header('cache-control', 'no-store')
  // A body that is too large has not been read to its end.
  if (errorCodes[known.code].status === 413) c.header('connection', 'close')
  if (errorCodes[known.code].status === 415) c.header('accept-encoding', 'identity')
  if (errorCodes[known.code].status === 401) c.header('www-authenticate', 'Bearer')
  return c.json(known.toJSON(), errorCodes[known.code].status)
}

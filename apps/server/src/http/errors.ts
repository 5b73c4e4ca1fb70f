import { AppError, errorCodes } from '@parley/protocol'
import type { ServerContext } from './env.ts'

/** Takes note of a mistake of ours, with what was asked. */
export type Report = (error: unknown, during: { readonly method: string; readonly path: string }) => void

/** Answers an error as `{code, message, remedy}` with the status of the error table; what is not ours is reported. */
export function errorResponse(error: unknown, c: ServerContext, report: Report): Response {
  const known = error instanceof AppError ? error : new AppError('internal', undefined, { cause: error })
  if (known.code === 'internal') report(error, { method: c.req.method, path: c.req.path })
  c.header('cache-control', 'no-store')
  // What was too large was not read to its end.
  if (errorCodes[known.code].status === 413) c.header('connection', 'close')
  if (errorCodes[known.code].status === 415) c.header('accept-encoding', 'identity')
  if (errorCodes[known.code].status === 401) c.header('www-authenticate', 'Bearer')
  return c.json(known.toJSON(), errorCodes[known.code].status)
}

import { AppError } from '@parley/protocol'
import { textBody } from './text-body.ts'

/** The JSON that a request carries, at most 64 KiB. Throws AppError `bad-request`, `too-large`, `unsupported-type`. */
export async function jsonBody(request: Request): Promise<unknown> {
  const text = await textBody(request)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('bad-request', 'The body is not JSON.', { cause: error })
  }
}

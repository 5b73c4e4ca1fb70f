import { ClosedError, within } from '@parley/edge'
import { AppError } from '@parley/protocol'

const answerMs = 5_000

/**
 * What the media process answers. Throws AppError `sfu-missing` where it does not: at once when it is down or ends meanwhile,
 * else after 5 s.
 */
export async function mediaAnswer<T>(answer: Promise<T>): Promise<T> {
  try {
    if (await within(answerMs, answer)) return await answer
  } catch (error) {
    throw error instanceof ClosedError ? new AppError('sfu-missing') : error
  }
  throw new AppError('sfu-missing')
}

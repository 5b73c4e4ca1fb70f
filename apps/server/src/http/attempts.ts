import { RateLimit } from '@parley/net'
import { AppError } from '@parley/protocol'
import type { ServerContext } from './env.ts'

/** How many failures of one source are answered in a minute: enough for a class whose tokens have all expired. */
const mostFailures = 60

export interface PerMinuteOptions {
  readonly addressOf: (c: ServerContext) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Counts a request; throws AppError `rate-limited` if its source has made too many. `cause`: the error it would otherwise get. */
export type CountRequest = (c: ServerContext, cause?: unknown) => void

/** Allows so many requests a minute from one source. `what`: how a refusal calls them. */
export function perMinute(most: number, what: string, { addressOf, now }: PerMinuteOptions): CountRequest {
  const limit = new RateLimit({ most, windowMs: 60_000, sources: 10_000 })
  return (c, cause) => {
    const waitMs = limit.take(addressOf(c), now())
    if (waitMs === 0) return
    c.header('retry-after', String(Math.ceil(waitMs / 1000)))
    throw new AppError('rate-limited', `Too many ${what} from this address.`, { cause })
  }
}

/** Resolves if `prove` does; otherwise throws what `prove` throws, or AppError `rate-limited`. */
export type Attempt = <T>(c: ServerContext, prove: () => Promise<T>) => Promise<T>

/**
 * The token is checked before anything is counted, and only failures count: many people share an address, and one of them with a
 * wrong token must not lock out the others. A check costs some 0.15 ms, less than the request around it. Guessing is hopeless anyway:
 * tokens are signed with keys of 32 characters or more.
 */
export function attempts(options: PerMinuteOptions): Attempt {
  const failures = perMinute(mostFailures, 'failed attempts', options)
  return async (c, prove) => {
    try {
      return await prove()
    } catch (error) {
      if (error instanceof AppError) failures(c, error)
      throw error
    }
  }
}

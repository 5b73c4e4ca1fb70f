import { AppError, type TokenClaims } from '@parley/protocol'
import type { TokenService } from '../tokens/token-service.ts'
import type { ServerContext } from './env.ts'
import { FailureLimiter } from './failure-limiter.ts'

export interface AdminAccessOptions {
  readonly tokens: TokenService
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly addressOf: (c: ServerContext) => string
}

/** The claims of the admin token that a request carries. Throws AppError `unauthorized`, `not-allowed`, `rate-limited`, … */
export type AdminAccess = (c: ServerContext) => Promise<TokenClaims>

/** Admin by Bearer token (RFC 6750 §2.1); an address that fails too often has to wait. */
export function adminAccess({ tokens, now, addressOf }: AdminAccessOptions): AdminAccess {
  const limiter = new FailureLimiter()
  return async c => {
    const address = addressOf(c)
    const waitMs = limiter.waitMs(address, now())
    if (waitMs > 0) {
      c.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw new AppError('rate-limited', 'Too many failed attempts from this address.')
    }
    try {
      return await requireAdmin(c.req.header('authorization'), tokens)
    } catch (error) {
      limiter.failed(address, now())
      throw error
    }
  }
}

async function requireAdmin(authorization: string | undefined, tokens: TokenService): Promise<TokenClaims> {
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization ?? '') ?? []
  if (token === undefined) throw new AppError('unauthorized', 'An admin token is needed: Authorization: Bearer …')
  const { claims } = await tokens.verify(token)
  if (claims.guest || !claims.grants.admin) throw new AppError('not-allowed', 'This is not an admin token.')
  return claims
}

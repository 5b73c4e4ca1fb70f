import { AppError, type TokenClaims } from '@parley/protocol'
import type { TokenService } from '../tokens/token-service.ts'
import type { Attempt } from './attempts.ts'
import type { ServerContext } from './env.ts'

export interface AdminAccessOptions {
  readonly tokens: TokenService
  readonly attempt: Attempt
}

/** The claims of the admin token that a request carries. Throws AppError `unauthorized`, `not-allowed`, `rate-limited`, … */
export type AdminAccess = (c: ServerContext) => Promise<TokenClaims>

/** Admin by Bearer token (RFC 6750 §2.1). */
export function adminAccess({ tokens, attempt }: AdminAccessOptions): AdminAccess {
  return async c => {
    const claims = await attempt(c, () => claimsOf(c.req.header('authorization'), tokens))
    if (claims.guest || !claims.grants.admin) throw new AppError('not-allowed', 'This is not an admin token.')
    return claims
  }
}

async function claimsOf(authorization: string | undefined, tokens: TokenService): Promise<TokenClaims> {
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization ?? '') ?? []
  if (token === undefined) throw new AppError('unauthorized', 'An admin token is needed: Authorization: Bearer …')
  return (await tokens.verify(token)).claims
}

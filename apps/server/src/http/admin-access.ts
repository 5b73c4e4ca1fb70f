import { AppError, type TokenClaims } from '@parley/protocol'
import type { TokenService } from '../tokens/token-service.ts'
import type { Attempt } from './attempts.ts'
import { isFromThisMachine } from './client-address.ts'
import { bearerToken } from './cross-origin.ts'
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
    const claims = await attempt(c, () => claimsOf(bearerToken(c), tokens))
    if (claims.guest || !claims.grants.admin) throw new AppError('not-allowed', 'This is not an admin token.')
    return claims
  }
}

async function claimsOf(token: string | undefined, tokens: TokenService): Promise<TokenClaims> {
  if (token === undefined) throw new AppError('unauthorized', 'An admin token is needed: Authorization: Bearer …')
  return (await tokens.verify(token)).claims
}

/**
 * Whether the asker may know which version runs here, and where: somebody on this machine, or with an operator's token. A bad
 * token is refused here as everywhere (throws AppError).
 */
export async function isInsider(c: ServerContext, admin: AdminAccess): Promise<boolean> {
  if (isFromThisMachine(c.env.incoming)) return true
  if (c.req.header('authorization') === undefined) return false
  return (await admin(c)).room === undefined
}

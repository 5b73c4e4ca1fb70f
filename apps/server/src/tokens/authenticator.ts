import { randomBytes } from 'node:crypto'
import { AppError, type TokenClaims } from '@parley/protocol'
import type { Authenticator, Pass } from '@parley/signaling'
import type { TokenService, VerifiedToken } from './token-service.ts'

const guestSeconds = 30 * 24 * 3600

export interface AuthenticatorOptions {
  readonly mode: 'open' | 'token'
  readonly tokens: TokenService
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Decides who somebody is. A token from `parley token` or from a back end works in both modes. In open mode whoever has none is a
 * guest, and remains the same guest as long as the guest token is presented once in 30 days.
 */
export function createAuthenticator({ mode, tokens, now }: AuthenticatorOptions): Authenticator {
  async function newGuest(identity = `guest-${randomBytes(9).toString('base64url').replaceAll('_', '-')}`) {
    const token = await tokens.mint({ sub: identity, guest: true }, guestSeconds)
    return new TokenPass(token, await tokens.verify(token))
  }

  async function openMode(token: string): Promise<Pass> {
    const verified = await tokens.verify(token).catch(error => {
      // A guest token grants nothing that its absence would not: a stale one (new key, long absence) makes a new guest.
      if (tokens.claimsToBeGuest(token)) return undefined
      throw error
    })
    if (!verified) return newGuest()
    const { claims, expiresAt } = verified
    const halfSpent = expiresAt - now() < (guestSeconds * 1000) / 2
    return claims.guest && halfSpent ? newGuest(claims.sub) : new TokenPass(token, verified)
  }

  return {
    async authenticate(token) {
      if (mode === 'open') return token === undefined ? newGuest() : openMode(token)
      if (token === undefined) throw new AppError('unauthorized')
      return new TokenPass(token, member(await tokens.verify(token)))
    },
    async recognize(token) {
      const verified = await tokens.recognize(token)
      return new TokenPass(token, mode === 'open' ? verified : member(verified))
    },
    issueTicket: tokens.issueTicket,
    verifyTicket: tokens.verifyTicket,
  }
}

class TokenPass implements Pass {
  readonly token: string
  readonly claims: TokenClaims
  readonly expiresAt: number
  readonly #verified: VerifiedToken

  constructor(token: string, verified: VerifiedToken) {
    this.token = token
    this.claims = verified.claims
    this.expiresAt = verified.expiresAt
    this.#verified = verified
  }

  isRevoked(): boolean {
    return !this.#verified.isKeyKnown()
  }
}

function member(verified: VerifiedToken): VerifiedToken {
  if (!verified.claims.guest) return verified
  throw new AppError('token-invalid', 'This is a guest’s token; this server asks for a token that its owner made.')
}

import { AppError, type TokenClaims, tokenClaims } from '@parley/protocol'
import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { z } from 'zod'

/** Claims before defaults: what one has to say to make a token. */
export type NewClaims = z.input<typeof tokenClaims>

/** Makes and checks what the server signs: access tokens, and tickets that prove a session. JWT (RFC 7519), HS256. */
export interface TokenService {
  mint(claims: NewClaims, ttlSeconds: number): Promise<string>
  /** @throws AppError `token-expired` or `token-invalid` */
  verify(token: string): Promise<VerifiedToken>
  /** What a token says of itself, unproven; undefined if it says nothing. */
  claimsToBeGuest(token: string): boolean
  issueTicket(session: string, identity: string): Promise<string>
  /** The session, or undefined if forged, expired or another identity's. */
  verifyTicket(ticket: string, identity: string): Promise<string | undefined>
}

export interface VerifiedToken {
  readonly claims: TokenClaims
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const accessAudience = 'parley'
const ticketAudience = 'parley-ticket'
const ticketSeconds = 24 * 3600
const longestToken = 4096

/** @param now milliseconds since 1970 */
export function createTokenService(key: Uint8Array, now: () => number): TokenService {
  const sign = (payload: JWTPayload, audience: string, seconds: number) => {
    const issuedAt = Math.floor(now() / 1000)
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(key)
  }
  const check = async (token: string, audience: string) => {
    if (token.length > longestToken) throw new errors.JWTInvalid(`longer than ${longestToken} characters`)
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now()),
    })
    return payload
  }

  return {
    mint: (claims, ttlSeconds) => sign({ ...tokenClaims.parse(claims) }, accessAudience, ttlSeconds),

    async verify(token) {
      const payload = await check(token, accessAudience).catch(error => {
        throw error instanceof errors.JWTExpired
          ? new AppError('token-expired', undefined, { cause: error })
          : new AppError('token-invalid', `The token is not valid here: ${reason(error)}.`, { cause: error })
      })
      const claims = tokenClaims.safeParse(payload)
      if (!claims.success) {
        const where = claims.error.issues.map(issue => issue.path.join('.')).join(', ')
        throw new AppError('token-invalid', `The token’s claims do not fit: ${where}.`)
      }
      return { claims: claims.data, expiresAt: (payload.exp ?? 0) * 1000 }
    },

    claimsToBeGuest(token) {
      try {
        return decodeJwt(token).guest === true
      } catch {
        // Not a JWT at all: then it does not say that it is a guest's.
        return false
      }
    },

    issueTicket: (session, identity) => sign({ session, sub: identity }, ticketAudience, ticketSeconds),

    async verifyTicket(ticket, identity) {
      const payload = await check(ticket, ticketAudience).catch(() => undefined)
      return payload?.sub === identity && typeof payload.session === 'string' ? payload.session : undefined
    },
  }
}

/** Why a token was refused, in the terms of whoever made it; never the token. */
function reason(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'it was signed with another key'
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim “${error.claim}” is missing or wrong`
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it must be signed with HS256'
  return 'it is not a signed JWT'
}

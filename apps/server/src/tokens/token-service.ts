import { AppError, type TokenClaims, tokenClaims } from '@parley/protocol'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { z } from 'zod'
import { type KeyRing, singleKey, stillHas } from './key-ring.ts'

/** Claims before defaults are filled in: what is needed to make a token. */
export type NewClaims = z.input<typeof tokenClaims>

/** Makes and checks what the server signs: access tokens, and tickets that prove a session. JWT (RFC 7519), HS256. */
export interface TokenService {
  mint(claims: NewClaims, ttlSeconds: number): Promise<string>
  /** @throws AppError `token-expired` or `token-invalid` */
  verify(token: string): Promise<VerifiedToken>
  /** Whose token it is, even if it has expired. @throws AppError `token-invalid` */
  recognize(token: string): Promise<VerifiedToken>
  /** What a token says of itself, unproven; undefined if it says nothing. */
  claimsToBeGuest(token: string): boolean
  issueTicket(session: string, identity: string): Promise<string>
  /** The session, or undefined if forged, expired or another identity's. */
  verifyTicket(ticket: string, identity: string): Promise<string | undefined>
}

/** Whose token it is, and until when it is valid. */
export class VerifiedToken {
  readonly claims: TokenClaims
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly #isKeyKnown: () => boolean

  constructor(claims: TokenClaims, expiresAt: number, isKeyKnown: () => boolean) {
    this.claims = claims
    this.expiresAt = expiresAt
    this.#isKeyKnown = isKeyKnown
  }

  /** Whether its key is still one of ours. Asked whenever the token is used, because keys can be removed meanwhile. */
  isKeyKnown(): boolean {
    return this.#isKeyKnown()
  }
}

const accessAudience = 'parley'
const ticketAudience = 'parley-ticket'
const ticketSeconds = 24 * 3600
const longestToken = 4096
/** How far ahead a back end's clock may be. Expiry gets no such tolerance. */
const clockToleranceSeconds = 60

/**
 * @param keys one key, or those that may sign
 * @param now milliseconds since 1970
 */
export function createTokenService(keys: Uint8Array | KeyRing, now: () => number): TokenService {
  const ring = keys instanceof Uint8Array ? singleKey(keys) : keys
  const sign = (payload: JWTPayload, audience: string, seconds: number) => {
    const issuedAt = Math.floor(now() / 1000)
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(ring.ownKid !== undefined && { kid: ring.ownKid }) })
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(ring.own)
  }
  const verifyWith = async (token: string, audience: string, key: Uint8Array): Promise<JWTPayload> => {
    const verified = jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
    })
    // Expiry is checked last, and the caller decides what it means.
    const { payload } = await verified.catch(error => {
      if (error instanceof errors.JWTExpired) return error
      throw error
    })
    return payload
  }
  /** @throws as `jose` does */
  const check = async (token: string, audience: string) => {
    if (token.length > longestToken) throw new errors.JWTInvalid(`longer than ${longestToken} characters`)
    const { kid } = decodeProtectedHeader(token)
    const candidates = ring.candidates(kid)
    if (candidates.length === 0) throw new UnknownKey()
    let failure: unknown
    for (const key of candidates) {
      try {
        return { payload: await verifyWith(token, audience, key), kid, key }
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
        failure = error
      }
    }
    throw failure
  }
  const hasEnded = ({ exp = 0 }: JWTPayload) => exp * 1000 <= now()

  async function recognize(token: string): Promise<VerifiedToken> {
    const { payload, kid, key } = await check(token, accessAudience).catch(error => {
      const { why, remedy } = reason(error)
      throw new AppError('token-invalid', `The token is not valid here: ${why}.`, { cause: error, remedy })
    })
    const claims = tokenClaims.safeParse(payload)
    if (!claims.success) {
      const what = claims.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`).join(', ')
      throw new AppError('token-invalid', `The token’s claims do not fit: ${what}.`, { remedy: claimsRemedy })
    }
    // Only the server itself makes guests: other keys sign for members.
    const guest = claims.data.guest && kid === undefined
    return new VerifiedToken({ ...claims.data, guest }, (payload.exp ?? 0) * 1000, () => stillHas(ring, kid, key))
  }

  return {
    mint: (claims, ttlSeconds) => sign({ ...tokenClaims.parse(claims) }, accessAudience, ttlSeconds),

    async verify(token) {
      const verified = await recognize(token)
      if (verified.expiresAt <= now()) throw new AppError('token-expired')
      return verified
    },

    recognize,

    claimsToBeGuest(token) {
      try {
        return decodeJwt(token).guest === true
      } catch {
        // It is not a JWT at all, so it does not claim to be a guest's.
        return false
      }
    },

    issueTicket: (session, identity) => sign({ session, sub: identity }, ticketAudience, ticketSeconds),

    async verifyTicket(ticket, identity) {
      const found = await check(ticket, ticketAudience).catch(() => undefined)
      // Only the server itself makes tickets: other keys must not.
      if (!found || found.kid !== undefined || hasEnded(found.payload)) return undefined
      const { sub, session } = found.payload
      return sub === identity && typeof session === 'string' ? session : undefined
    },
  }
}

class UnknownKey extends Error {}

interface Reason {
  readonly why: string
  /** Undefined: the message of the code. */
  readonly remedy?: string
}

const claimsRemedy = 'Make the claims as docs/api.md says.'

/** Why a token was refused, for the one who made it; never contains the token. */
function reason(error: unknown): Reason {
  if (error instanceof UnknownKey) {
    return {
      why: 'its header names a key (“kid”) that is not known here, or was removed',
      remedy: 'Sign with a key that `parley key list` shows, or leave “kid” out and sign with token.key.',
    }
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return { why: 'it was signed with another key' }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') {
    return {
      why: `its claim “nbf” lies more than ${clockToleranceSeconds} s ahead of the server’s clock`,
      remedy: 'Set the clocks of the server and of your back end, or leave “nbf” out.',
    }
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return { why: `its claim “${error.claim}” is missing or wrong`, remedy: claimsRemedy }
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return { why: 'it must be signed with HS256', remedy: 'Sign it with HS256.' }
  }
  return { why: 'it is not a signed JWT' }
}

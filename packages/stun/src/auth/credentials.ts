import type { PasswordAlgorithmName } from '../codecs/password-algorithms.ts'
import type { StunCrypto } from '../crypto.ts'
import { opaqueString } from './prepare.ts'

export interface LongTermCredentials {
  /** As it stands in USERNAME; not prepared any further. */
  readonly username: string
  readonly realm: string
  readonly password: string
  /** What PASSWORD-ALGORITHM says; MD5 where it is absent. */
  readonly algorithm?: PasswordAlgorithmName
}

const utf8 = new TextEncoder()

/**
 * The key of the long-term mechanism: a hash of `username:realm:password` (RFC 8489 §18.5), 16 bytes by MD5, 32 by
 * SHA-256. Realm and password are prepared by {@link opaqueString}, which throws RangeError for what cannot be one.
 */
export function longTermKey(credentials: LongTermCredentials, crypto: StunCrypto): Uint8Array {
  const { username, realm, password, algorithm = 'md5' } = credentials
  return crypto.digest(algorithm, utf8.encode(`${username}:${opaqueString(realm)}:${opaqueString(password)}`))
}

/** The key of the short-term mechanism, as ICE uses it: the password itself (RFC 8489 §9.1.1). Throws RangeError. */
export function shortTermKey(password: string): Uint8Array {
  return utf8.encode(opaqueString(password))
}

/** The 32 bytes of USERHASH, by which a client need not say its name (RFC 8489 §14.4). Throws RangeError. */
export function userhash(username: string, realm: string, crypto: StunCrypto): Uint8Array {
  return crypto.digest('sha256', utf8.encode(`${opaqueString(username)}:${opaqueString(realm)}`))
}

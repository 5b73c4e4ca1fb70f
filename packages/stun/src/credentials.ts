import type { PasswordAlgorithmName } from './codecs/password-algorithms.ts'
import type { StunCrypto } from './crypto.ts'

/** What a user of the long-term mechanism knows (RFC 8489 §9.2). */
export interface LongTermCredentials {
  /** As it stands in USERNAME; it is not prepared any further. */
  readonly username: string
  readonly realm: string
  readonly password: string
  /** As PASSWORD-ALGORITHM says; MD5 if that is absent. */
  readonly algorithm?: PasswordAlgorithmName
}

const utf8 = new TextEncoder()
const printableAscii = /^[\x20-\x7e]*$/
const disallowed = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}]/u

/**
 * The key of the long-term mechanism: a hash of `username:realm:password` (RFC 8489 §18.5), 16 bytes by MD5, 32 by
 * SHA-256. Realm and password are prepared by {@link opaqueString}, which may throw RangeError.
 */
export function longTermKey(credentials: LongTermCredentials, crypto: StunCrypto): Uint8Array {
  const { username, realm, password, algorithm = 'md5' } = credentials
  return crypto.digest(algorithm, utf8.encode(`${username}:${opaqueString(realm)}:${opaqueString(password)}`))
}

/** The key of the short-term mechanism, as ICE uses it: the password itself (RFC 8489 §9.1.1). Throws RangeError. */
export function shortTermKey(password: string): Uint8Array {
  return utf8.encode(opaqueString(password))
}

/**
 * Prepares a string that will be hashed into a key, so that what looks the same is the same: the OpaqueString profile
 * (RFC 8265 §4.2), for passwords, realms and user names. Spaces become U+0020, the rest is normalised to NFC. Printable ASCII
 * comes out unchanged; browsers prepare nothing, so names and passwords are best kept to that.
 *
 * Throws RangeError for an empty string and for what FreeformClass disallows (RFC 8264 §4.3): control characters, surrogates,
 * unassigned and private-use code points, and those that show nothing. Two things are simpler than the RFC: joiners are
 * refused whatever stands beside them, and old Hangul jamo are allowed. "Unassigned" is what this JavaScript's Unicode says.
 */
export function opaqueString(text: string): string {
  if (text === '') throw new RangeError('An empty string cannot be a password')
  if (printableAscii.test(text)) return text
  const prepared = text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
  const found = disallowed.exec(prepared)?.[0].codePointAt(0)
  if (found !== undefined) {
    throw new RangeError(`U+${found.toString(16).toUpperCase().padStart(4, '0')} cannot be part of a name or password`)
  }
  return prepared
}

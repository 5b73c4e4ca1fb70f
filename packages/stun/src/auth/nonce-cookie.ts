/**
 * What a server says of itself in the first 13 characters of its nonces, so that nobody on the way can take it out of a
 * challenge unseen (RFC 8489 §9.2, §18.1).
 */
export interface SecurityFeatures {
  /** It sends PASSWORD-ALGORITHMS. */
  readonly passwordAlgorithms: boolean
  /** It takes USERHASH in place of USERNAME. */
  readonly usernameAnonymity: boolean
}

const cookie = 'obMatJos2'
const cookieLength = cookie.length + 4

// Bits are counted from the right (erratum 6290), as in the example of RFC 8489 appendix B.1.
const bits = { passwordAlgorithms: 1 << 0, usernameAnonymity: 1 << 1 } as const satisfies Record<
  keyof SecurityFeatures,
  number
>

/** The nonce cookie for these features; the server's own part of the nonce goes behind it. */
export function nonceCookie(features: SecurityFeatures): string {
  const set =
    (features.passwordAlgorithms ? bits.passwordAlgorithms : 0) |
    (features.usernameAnonymity ? bits.usernameAnonymity : 0)
  return cookie + btoa(String.fromCharCode(set >>> 16, (set >>> 8) & 0xff, set & 0xff))
}

/** The features that a nonce speaks of; undefined if it has no nonce cookie. Bits that are not registered are ignored. */
export function securityFeatures(nonce: string): SecurityFeatures | undefined {
  const encoded = nonce.slice(cookie.length, cookieLength)
  if (!nonce.startsWith(cookie) || !/^[A-Za-z0-9+/]{4}$/.test(encoded)) return undefined
  const set = atob(encoded).charCodeAt(2)
  return {
    passwordAlgorithms: (set & bits.passwordAlgorithms) !== 0,
    usernameAnonymity: (set & bits.usernameAnonymity) !== 0,
  }
}

/** The nonce without its cookie; the nonce itself where there is none. */
export function withoutCookie(nonce: string): string {
  return securityFeatures(nonce) === undefined ? nonce : nonce.slice(cookieLength)
}

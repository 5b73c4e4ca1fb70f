/**
 * The hashing that STUN needs, supplied by the caller so that this package runs in browsers too; `@parley/stun/node` has one
 * on node:crypto. Results are new arrays. The protocol prescribes MD5 and SHA-1 (RFC 8489 §14.5, §18.5).
 */
export interface StunCrypto {
  /** HMAC over the parts, as if they were concatenated (RFC 2104). */
  hmac(hash: 'sha1' | 'sha256', key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array
  digest(hash: 'md5' | 'sha256', data: Uint8Array): Uint8Array
}

/**
 * The hashing that STUN needs, given by whoever runs it: `@parley/stun/node` has one on node:crypto. Results are fresh
 * arrays. MD5 and SHA-1 are what the protocol asks for, not a choice.
 */
export interface StunCrypto {
  /** HMAC over the parts, as if they stood in one piece (RFC 2104). */
  hmac(hash: 'sha1' | 'sha256', key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array
  digest(hash: 'md5' | 'sha256', data: Uint8Array): Uint8Array
}

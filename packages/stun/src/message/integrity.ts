import { crc32, equalConstantTime, setUint16At, uint16At } from '@parley/bytes'
import { stun } from '../attributes/stun.ts'
import type { StunCrypto } from '../crypto.ts'
import { headerLength } from './header.ts'
import type { Message } from './message.ts'

/** Which attribute protects a message: MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256. */
export type IntegrityKind = 'sha1' | 'sha256'

const attributeOf = { sha1: stun.messageIntegrity, sha256: stun.messageIntegritySha256 }
const offsetOf = { sha1: 'messageIntegrity', sha256: 'messageIntegritySha256' } as const

/** What a message is protected by; SHA-256 if by both, undefined if by neither. */
export function integrityKind({ layout }: Message): IntegrityKind | undefined {
  if (layout.messageIntegritySha256 !== undefined) return 'sha256'
  return layout.messageIntegrity === undefined ? undefined : 'sha1'
}

export interface VerifyOptions {
  /** Which attribute to check; the stronger one that is there if not given. */
  readonly kind?: IntegrityKind
  /** The shortest SHA-256 that is accepted: 32 unless the usage allows truncation, at least 16 (RFC 8489 §14.6). */
  readonly minSha256Bytes?: number
}

/**
 * Whether the message was made by somebody who has the key (RFC 8489 §14.5, §14.6). False if it carries no such attribute.
 * Takes the same time wherever the difference is. Throws DecodeError if the attribute's length is impossible.
 */
export function verifyIntegrity(
  message: Message,
  key: Uint8Array,
  crypto: StunCrypto,
  { kind = integrityKind(message), minSha256Bytes = 32 }: VerifyOptions = {},
): boolean {
  if (kind === undefined) return false
  const offset = message.layout[offsetOf[kind]]
  const received = message.get(attributeOf[kind])
  if (offset === undefined || received === undefined) return false
  if (kind === 'sha256' && received.length < minSha256Bytes) return false
  const { bytes, start } = message
  const expected = crypto.hmac(kind, key, protectedParts(bytes, start, offset, received.length))
  return equalConstantTime(received, expected.subarray(0, received.length))
}

/**
 * What is hashed: the message up to the attribute, under a header whose length counts to the attribute's end and no
 * further. Where a FINGERPRINT follows, that is not the length that was received.
 */
function protectedParts(bytes: Uint8Array, start: number, offset: number, macLength: number): Uint8Array[] {
  const length = offset + 4 + macLength - start - headerLength
  if (uint16At(bytes, start + 2) === length) return [bytes.subarray(start, offset)]
  // A copy, which `slice` of a Buffer is not.
  const header = new Uint8Array(bytes.subarray(start, start + headerLength))
  setUint16At(header, 2, length)
  return [header, bytes.subarray(start + headerLength, offset)]
}

/** Whether the message carries a FINGERPRINT, and a right one (RFC 8489 §14.7). A message with a wrong one is dropped. */
export function checkFingerprint(message: Message): 'absent' | 'right' | 'wrong' {
  const { fingerprint } = message.layout
  if (fingerprint === undefined) return 'absent'
  const expected = fingerprintOf(message.bytes, message.start, fingerprint)
  return message.get(stun.fingerprint) === expected ? 'right' : 'wrong'
}

/** The FINGERPRINT of the message from `start`, whose FINGERPRINT attribute begins at `offset`. */
export function fingerprintOf(bytes: Uint8Array, start: number, offset: number): number {
  return (crc32(bytes, start, offset) ^ 0x5354554e) >>> 0
}

import { crc32, equalConstantTime, setUint16At, uint16At } from '@parley/bytes'
import { stun } from '../attributes/stun.ts'
import type { StunCrypto } from '../crypto.ts'
import { headerLength } from './header.ts'
import type { Message } from './message.ts'

/** Which attribute protects a message: MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256. */
export type IntegrityKind = 'sha1' | 'sha256'

const attributeOf = { sha1: stun.messageIntegrity, sha256: stun.messageIntegritySha256 }
const offsetOf = { sha1: 'messageIntegrity', sha256: 'messageIntegritySha256' } as const

/** How a message is protected: SHA-256 if in both ways, undefined if in neither. */
export function integrityKind({ layout }: Message): IntegrityKind | undefined {
  if (layout.messageIntegritySha256 !== undefined) return 'sha256'
  return layout.messageIntegrity === undefined ? undefined : 'sha1'
}

interface VerifyOptions {
  /** Which attribute to check. Default: the stronger of those that the message has. */
  readonly kind?: IntegrityKind
  /** The shortest SHA-256 to accept. Default 32; a usage may allow truncation, down to 16 (RFC 8489 §14.6). */
  readonly minSha256Bytes?: number
}

/**
 * Whether whoever made the message has the key (RFC 8489 §14.5, §14.6). False if the message has no such attribute. Takes the
 * same time wherever the MACs differ. Throws DecodeError for an attribute of impossible length.
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
 * What the MAC covers: the message up to the attribute, with a header whose length ends with the attribute. That differs from
 * the received header if a FINGERPRINT follows.
 */
function protectedParts(bytes: Uint8Array, start: number, offset: number, macLength: number): Uint8Array[] {
  const length = offset + 4 + macLength - start - headerLength
  if (uint16At(bytes, start + 2) === length) return [bytes.subarray(start, offset)]
  // Not `slice`, which does not copy if the bytes are a Buffer.
  const header = new Uint8Array(bytes.subarray(start, start + headerLength))
  setUint16At(header, 2, length)
  return [header, bytes.subarray(start + headerLength, offset)]
}

/** Checks the FINGERPRINT (RFC 8489 §14.7). A message with a wrong one is to be dropped. */
export function checkFingerprint(message: Message): 'absent' | 'right' | 'wrong' {
  const { fingerprint } = message.layout
  if (fingerprint === undefined) return 'absent'
  const expected = fingerprintOf(message.bytes, message.start, fingerprint)
  return message.get(stun.fingerprint) === expected ? 'right' : 'wrong'
}

/** The FINGERPRINT of the message at `start`, if that attribute begins at `offset`. */
export function fingerprintOf(bytes: Uint8Array, start: number, offset: number): number {
  return (crc32(bytes, start, offset) ^ 0x5354554e) >>> 0
}

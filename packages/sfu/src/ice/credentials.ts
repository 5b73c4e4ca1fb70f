import { randomBytes } from 'node:crypto'
import type { IceCredentials } from '../control.ts'

/** New ones: 48 bits of name, so that they are told apart, and 144 bits of secret (RFC 8839 §5.4 wants 24 and 128). */
export function newIceCredentials(): IceCredentials {
  return { ufrag: iceChars(6), password: iceChars(18) }
}

/** Base64 without padding is made of `ice-char` alone. */
function iceChars(bytes: number): string {
  return randomBytes(bytes).toString('base64')
}

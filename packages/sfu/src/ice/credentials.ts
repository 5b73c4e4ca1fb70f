import { randomBytes } from 'node:crypto'
import type { IceCredentials } from '../control.ts'

/** New credentials: a name of 48 random bits, and a password of 144 (RFC 8839 §5.4 requires 24 and 128). */
export function newIceCredentials(): IceCredentials {
  return { ufrag: iceChars(6), password: iceChars(18) }
}

/** Base64 without padding consists only of characters that ICE allows. */
function iceChars(bytes: number): string {
  return randomBytes(bytes).toString('base64')
}

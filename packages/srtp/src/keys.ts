import { AesCtr } from '@parley/ffi'
import { type SrtpProfileName, srtpProfiles } from './profiles.ts'

/** The key of one direction, as DTLS hands it out. The bytes are used at once, and may be wiped afterwards. */
export interface SrtpKey {
  readonly profile: SrtpProfileName
  readonly masterKey: Uint8Array
  readonly masterSalt: Uint8Array
  /** SSRCs in use at a time, of which all is known; default 1,024. */
  readonly maxSsrcs?: number
}

/** What encrypts and authenticates RTP, or RTCP. */
export interface SessionKeys {
  readonly key: Uint8Array
  /** Empty where the cipher authenticates by itself. */
  readonly auth: Uint8Array
  readonly salt: Uint8Array
}

const AUTH_BYTES = 20
const LABEL_AT = 7

/**
 * Derives the session keys of RTP and of RTCP from a master key, with a key derivation rate of 0 (RFC 3711 §4.3, RFC 7714
 * §11; AES-256 by RFC 6188). Throws RangeError for a key or a salt of the wrong size.
 */
export function deriveKeys({ profile, masterKey, masterSalt }: SrtpKey): { rtp: SessionKeys; rtcp: SessionKeys } {
  const { keyBytes, saltBytes, aead } = srtpProfiles[profile]
  if (masterKey.length !== keyBytes || masterSalt.length !== saltBytes) {
    const given = `${masterKey.length} and ${masterSalt.length}`
    throw new RangeError(`${profile} has a key of ${keyBytes} and a salt of ${saltBytes} bytes, not ${given}`)
  }
  const cipher = new AesCtr(masterKey)
  const derive = (label: number, length: number) => {
    for (let i = 0; i < 16; i++) cipher.iv.setUint8(i, masterSalt[i] ?? 0)
    cipher.iv.setUint8(LABEL_AT, cipher.iv.getUint8(LABEL_AT) ^ label)
    return cipher.keyStream(length)
  }
  /** The three of a kind have labels in a row (RFC 3711 §4.3.2). */
  const keysFrom = (label: number) => ({
    key: derive(label, keyBytes),
    auth: derive(label + 1, aead ? 0 : AUTH_BYTES),
    salt: derive(label + 2, saltBytes),
  })
  try {
    return { rtp: keysFrom(0), rtcp: keysFrom(3) }
  } finally {
    cipher.close()
  }
}

/** Overwrites session keys that a cipher has taken. */
export function wipe({ key, auth, salt }: SessionKeys): void {
  for (const bytes of [key, auth, salt]) bytes.fill(0)
}

import { AesCtr } from '@parley/ffi'
import { type SrtpProfileName, srtpProfiles } from './profiles.ts'

/** The key of one direction, as DTLS hands it out. The bytes are used at once, and may be wiped afterwards. */
export interface SrtpKey {
  readonly profile: SrtpProfileName
  readonly masterKey: Uint8Array
  readonly masterSalt: Uint8Array
  /** SSRCs that may use it. Default: 1,024 to send, 128 to receive. */
  readonly maxSsrcs?: number
}

/** What encrypts and authenticates RTP, or RTCP. */
export interface SessionKeys {
  readonly key: Uint8Array
  /** Empty where the cipher authenticates by itself. */
  readonly auth: Uint8Array
  readonly salt: Uint8Array
}

/** RFC 3711 §4.3.2: for the key, for authentication, for the salt. */
const labels = { rtp: [0, 1, 2], rtcp: [3, 4, 5] } as const
const AUTH_BYTES = 20
const LABEL_AT = 7

/**
 * Derives the session keys from a master key, with a key derivation rate of 0 (RFC 3711 §4.3, RFC 7714 §11; AES-256 by
 * RFC 6188). Throws RangeError for a key or a salt of the wrong size.
 */
export function deriveKeys({ profile, masterKey, masterSalt }: SrtpKey, kind: 'rtp' | 'rtcp'): SessionKeys {
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
  try {
    const [key, auth, salt] = labels[kind]
    return { key: derive(key, keyBytes), auth: derive(auth, aead ? 0 : AUTH_BYTES), salt: derive(salt, saltBytes) }
  } finally {
    cipher.close()
  }
}

/** Overwrites session keys that a cipher has taken. */
export function wipe({ key, auth, salt }: SessionKeys): void {
  for (const bytes of [key, auth, salt]) bytes.fill(0)
}

import { AesCtr } from '@parley/ffi'
import { CounterMode } from './counter-mode.ts'
import { GaloisMode } from './galois-mode.ts'
import { type SrtpKey, srtpProfiles } from './profiles.ts'
import type { Protection, SessionKeys } from './protection.ts'

const AUTH_BYTES = 20
const LABEL_AT = 7

/** Derives the session keys and makes the ciphers. Throws RangeError for a key or a salt of the wrong size. */
export function protectionFor(key: SrtpKey, direction: 'seal' | 'open'): Protection {
  const { rtp, rtcp } = deriveKeys(key)
  const { aead } = srtpProfiles[key.profile]
  const protection = aead ? new GaloisMode(rtp, rtcp, direction) : new CounterMode(rtp, rtcp)
  wipe(rtp)
  wipe(rtcp)
  return protection
}

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
  /** The labels of the three keys follow one another (RFC 3711 §4.3.2). */
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

/** Overwrites session keys, once the ciphers have copied them. */
function wipe({ key, auth, salt }: SessionKeys): void {
  for (const bytes of [key, auth, salt]) bytes.fill(0)
}

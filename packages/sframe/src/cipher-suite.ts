import { type Aead, aesCtrHmac, aesGcm } from './aead.ts'

/** A cipher suite of SFrame (RFC 9605 §4.5, §8.1); sizes in bytes. */
export interface CipherSuite {
  readonly id: number
  readonly hash: 'SHA-256' | 'SHA-512'
  /** The size of the hash, Nh. */
  readonly hashSize: number
  /** The size of the cipher's key, Nk. */
  readonly keySize: number
  /** The size of the authentication tag, Nt. */
  readonly tagSize: number
  /** Makes the cipher of a key of {@link keySize}. */
  readonly aead: (key: Uint8Array<ArrayBuffer>) => Promise<Aead>
}

function ctrHmac(id: number, tagSize: number): CipherSuite {
  return { id, hash: 'SHA-256', hashSize: 32, keySize: 48, tagSize, aead: key => aesCtrHmac(key, tagSize) }
}

/** The suites by the names of their registry. Parley's own media uses `AES_128_GCM_SHA256_128`. */
export const cipherSuites = {
  AES_128_CTR_HMAC_SHA256_80: ctrHmac(1, 10),
  AES_128_CTR_HMAC_SHA256_64: ctrHmac(2, 8),
  AES_128_CTR_HMAC_SHA256_32: ctrHmac(3, 4),
  AES_128_GCM_SHA256_128: { id: 4, hash: 'SHA-256', hashSize: 32, keySize: 16, tagSize: 16, aead: aesGcm },
  AES_256_GCM_SHA512_128: { id: 5, hash: 'SHA-512', hashSize: 64, keySize: 32, tagSize: 16, aead: aesGcm },
} as const satisfies Record<string, CipherSuite>

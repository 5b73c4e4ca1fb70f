/** The SRTP profiles in order of preference: number in `use_srtp` (RFC 5764 §4.1.2), name in OpenSSL, sizes in bytes. */
export const profiles = {
  AEAD_AES_128_GCM: { id: 7, openssl: 'SRTP_AEAD_AES_128_GCM', keyBytes: 16, saltBytes: 12 },
  AEAD_AES_256_GCM: { id: 8, openssl: 'SRTP_AEAD_AES_256_GCM', keyBytes: 32, saltBytes: 12 },
  AES_CM_128_HMAC_SHA1_80: { id: 1, openssl: 'SRTP_AES128_CM_SHA1_80', keyBytes: 16, saltBytes: 14 },
} as const

export type ProfileName = keyof typeof profiles

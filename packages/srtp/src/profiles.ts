/** A protection profile, as DTLS negotiates it (RFC 5764 §4.1.2, RFC 7714 §14.2). */
export interface SrtpProfile {
  /** Its number in the DTLS extension `use_srtp`. */
  readonly dtlsId: number
  readonly keyBytes: 16 | 32
  readonly saltBytes: 12 | 14
  /** Bytes that protection adds to an RTP packet: the tag. */
  readonly rtpOverhead: number
  /** Bytes that protection adds to an RTCP packet: the tag, and the word with the index. */
  readonly rtcpOverhead: number
  readonly aead: boolean
}

export const srtpProfiles = {
  AEAD_AES_128_GCM: { dtlsId: 7, keyBytes: 16, saltBytes: 12, rtpOverhead: 16, rtcpOverhead: 20, aead: true },
  AEAD_AES_256_GCM: { dtlsId: 8, keyBytes: 32, saltBytes: 12, rtpOverhead: 16, rtcpOverhead: 20, aead: true },
  AES_CM_128_HMAC_SHA1_80: { dtlsId: 1, keyBytes: 16, saltBytes: 14, rtpOverhead: 10, rtcpOverhead: 14, aead: false },
} as const satisfies Record<string, SrtpProfile>

export type SrtpProfileName = keyof typeof srtpProfiles

/** The most bytes that any profile adds to any packet: leave so much room behind one. */
export const SRTP_MAX_OVERHEAD = 20

/** The key of one direction, as DTLS hands it out. The bytes are read at once, and may be wiped afterwards. */
export interface SrtpKey {
  readonly profile: SrtpProfileName
  readonly masterKey: Uint8Array
  readonly masterSalt: Uint8Array
  /** How many SSRCs to keep the state of at a time. Default 1,024. */
  readonly maxSsrcs?: number
}

/** One protection profile: how SRTP protects, as DTLS negotiates it (RFC 5764 §4.1.2, RFC 7714 §14.2). */
export interface SrtpProfile {
  /** Its number in the DTLS extension `use_srtp`. */
  readonly dtlsId: number
  readonly keyBytes: 16 | 32
  readonly saltBytes: 12 | 14
  /** What protection adds to an RTP packet. */
  readonly rtpOverhead: number
  /** What protection adds to an RTCP packet: the tag, and the word with the index. */
  readonly rtcpOverhead: number
  readonly aead: boolean
}

export const srtpProfiles = {
  AEAD_AES_128_GCM: { dtlsId: 7, keyBytes: 16, saltBytes: 12, rtpOverhead: 16, rtcpOverhead: 20, aead: true },
  AEAD_AES_256_GCM: { dtlsId: 8, keyBytes: 32, saltBytes: 12, rtpOverhead: 16, rtcpOverhead: 20, aead: true },
  AES_CM_128_HMAC_SHA1_80: { dtlsId: 1, keyBytes: 16, saltBytes: 14, rtpOverhead: 10, rtcpOverhead: 14, aead: false },
} as const satisfies Record<string, SrtpProfile>

export type SrtpProfileName = keyof typeof srtpProfiles

/** The most that protection adds to any packet, whatever the profile: room to leave behind one. */
export const SRTP_MAX_OVERHEAD = 20

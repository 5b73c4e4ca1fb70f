/** The first bit of the word with SRTCP's index: what goes before is encrypted (RFC 3711 §3.4). */
export const ENCRYPTED = 0x8000_0000
/** Bytes of an RTCP header that stay readable: up to the sender's SSRC. */
export const RTCP_CLEAR = 8
/** Bytes of the word with SRTCP's index. */
export const RTCP_WORD = 4

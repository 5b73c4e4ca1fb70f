/** What encrypts and authenticates RTP, or RTCP. */
export interface SessionKeys {
  readonly key: Uint8Array
  /** Empty where the cipher authenticates by itself. */
  readonly auth: Uint8Array
  readonly salt: Uint8Array
}

/**
 * How a profile protects single packets, in one direction. Keeps no state: the caller ensures that no index is used twice,
 * that ranges are right, and that they lie in an arena. SSRCs are signed numbers, `roc` is the roll-over counter.
 */
export interface Protection {
  /** Encrypts `source` from `start` to `end` behind the header, which lies in `target` from `at` to `headerEnd`. Returns the packet's end. */
  sealRtp(
    ssrc: number,
    roc: number,
    sequence: number,
    target: Uint8Array,
    at: number,
    headerEnd: number,
    source: Uint8Array,
    start: number,
    end: number,
  ): number
  /** Decrypts a packet in place. Returns its new end, or -1 if it is not authentic. */
  openRtp(
    ssrc: number,
    roc: number,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    headerEnd: number,
    end: number,
  ): number
  /** Encrypts an RTCP packet in place, under this 31-bit index. Returns its new end. */
  sealRtcp(ssrc: number, index: number, target: Uint8Array, start: number, end: number): number
  /** Decrypts an RTCP packet in place. `word` holds its index and whether it is encrypted. Returns its new end, or -1 if it is not authentic. */
  openRtcp(ssrc: number, word: number, bytes: Uint8Array, start: number, end: number): number
  /** Where the word with the index lies in a protected RTCP packet that ends at `end`. */
  wordAt(end: number): number
  close(): void
}

/** The first bit of the word with SRTCP's index: set if the packet is encrypted (RFC 3711 §3.4). */
export const ENCRYPTED = 0x8000_0000
/** Bytes of an RTCP header that stay readable: up to and including the sender's SSRC. */
export const RTCP_CLEAR = 8
/** Bytes of the word with SRTCP's index. */
export const RTCP_WORD = 4

import { setUint32At, uint16At, uint32At } from '@parley/bytes'
import { AesCtr, HmacSha1 } from '@parley/ffi'
import { ENCRYPTED, type Protection, RTCP_CLEAR, RTCP_WORD, type SessionKeys } from './protection.ts'

const TAG = 10

/** AES counter mode with HMAC-SHA1, cut to 80 bits (RFC 3711 §4). The tag comes last, in SRTCP after the word with the index. */
export class CounterMode implements Protection {
  readonly #rtp: Keyed
  readonly #rtcp: Keyed

  constructor(rtp: SessionKeys, rtcp: SessionKeys) {
    this.#rtp = new Keyed(rtp)
    this.#rtcp = new Keyed(rtcp)
  }

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
  ): number {
    const textEnd = headerEnd + end - start
    this.#rtp.counter(ssrc, roc, sequence)
    this.#rtp.cipher.apply(target, headerEnd, source, start, end)
    // The MAC covers the roll-over counter as if it followed the packet (RFC 3711 §4.2): where the tag will overwrite it.
    setUint32At(target, textEnd, roc)
    return this.#rtp.sign(target, at, textEnd + 4, textEnd)
  }

  openRtp(
    ssrc: number,
    roc: number,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    headerEnd: number,
    end: number,
  ): number {
    const textEnd = end - TAG
    this.#rtp.takeTag(bytes, textEnd)
    setUint32At(bytes, textEnd, roc)
    if (!this.#rtp.authentic(bytes, start, textEnd + 4)) return -1
    this.#rtp.counter(ssrc, roc, sequence)
    this.#rtp.cipher.apply(bytes, headerEnd, bytes, headerEnd, textEnd)
    return textEnd
  }

  sealRtcp(ssrc: number, index: number, target: Uint8Array, start: number, end: number): number {
    const textAt = start + RTCP_CLEAR
    this.#rtcp.counter(ssrc, index >>> 16, index & 0xffff)
    this.#rtcp.cipher.apply(target, textAt, target, textAt, end)
    setUint32At(target, end, ENCRYPTED | index)
    return this.#rtcp.sign(target, start, end + RTCP_WORD, end + RTCP_WORD)
  }

  openRtcp(ssrc: number, word: number, bytes: Uint8Array, start: number, end: number): number {
    const signedEnd = end - TAG
    const textEnd = signedEnd - RTCP_WORD
    const textAt = start + RTCP_CLEAR
    const index = word & ~ENCRYPTED
    this.#rtcp.takeTag(bytes, signedEnd)
    if (!this.#rtcp.authentic(bytes, start, signedEnd)) return -1
    if ((word & ENCRYPTED) === 0) return textEnd
    this.#rtcp.counter(ssrc, index >>> 16, index & 0xffff)
    this.#rtcp.cipher.apply(bytes, textAt, bytes, textAt, textEnd)
    return textEnd
  }

  wordAt(end: number): number {
    return end - TAG - RTCP_WORD
  }

  close(): void {
    this.#rtp.close()
    this.#rtcp.close()
  }
}

/** A cipher and a MAC, with the salt that its counters start from. */
class Keyed {
  readonly cipher: AesCtr
  readonly #mac: HmacSha1
  readonly #salt0: number
  readonly #salt1: number
  readonly #salt2: number
  readonly #salt3: number
  // The tag of the packet that is being opened.
  #tag0 = 0
  #tag1 = 0
  #tag2 = 0

  constructor({ key, auth, salt }: SessionKeys) {
    this.cipher = new AesCtr(key)
    this.#mac = new HmacSha1(auth)
    this.#salt0 = uint32At(salt, 0) | 0
    this.#salt1 = uint32At(salt, 4) | 0
    this.#salt2 = uint32At(salt, 8) | 0
    this.#salt3 = (uint16At(salt, 12) << 16) | 0
  }

  /** Sets the first counter block (RFC 3711 §4.1.1). The packet index has 48 bits: 32 in `high`, 16 in `low`. */
  counter(ssrc: number, high: number, low: number): void {
    const { iv } = this.cipher
    iv.setInt32(0, this.#salt0)
    iv.setInt32(4, this.#salt1 ^ ssrc)
    iv.setInt32(8, this.#salt2 ^ high)
    iv.setInt32(12, this.#salt3 ^ (low << 16))
  }

  /** Writes the tag of the bytes from `start` to `end` at `at`, and returns where it ends. */
  sign(bytes: Uint8Array, start: number, end: number, at: number): number {
    const { result } = this.#mac
    this.#mac.compute(bytes, start, end)
    for (let i = 0; i < TAG; i++) bytes[at + i] = result[i] as number
    return at + TAG
  }

  /** Remembers the tag at `at`, where {@link authentic} may then see other bytes. */
  takeTag(bytes: Uint8Array, at: number): void {
    this.#tag0 = uint32At(bytes, at) | 0
    this.#tag1 = uint32At(bytes, at + 4) | 0
    this.#tag2 = uint16At(bytes, at + 8)
  }

  /** Whether the remembered tag is right for the bytes from `start` to `end`. Takes the same time either way. */
  authentic(bytes: Uint8Array, start: number, end: number): boolean {
    const { result } = this.#mac
    this.#mac.compute(bytes, start, end)
    const difference =
      (this.#tag0 ^ uint32At(result, 0)) | (this.#tag1 ^ uint32At(result, 4)) | (this.#tag2 ^ uint16At(result, 8))
    return difference === 0
  }

  close(): void {
    this.cipher.close()
    this.#mac.close()
  }
}

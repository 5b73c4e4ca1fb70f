import { setUint32At, uint32At } from '@parley/bytes'
import { AesGcm, GCM_TAG } from '@parley/ffi'
import { ENCRYPTED, type Protection, RTCP_CLEAR, RTCP_WORD, type SessionKeys } from './protection.ts'

/** AES-GCM (RFC 7714). The tag follows the ciphertext; in SRTCP the word with the index follows the tag. */
export class GaloisMode implements Protection {
  readonly #rtp: Nonced
  readonly #rtcp: Nonced

  constructor(rtp: SessionKeys, rtcp: SessionKeys, direction: 'seal' | 'open') {
    this.#rtp = new Nonced(rtp, direction)
    this.#rtcp = new Nonced(rtcp, direction)
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
    this.#rtp.rtpNonce(ssrc, roc, sequence)
    this.#rtp.cipher.seal(target, at, headerEnd, source, start, end, 0)
    return headerEnd + end - start + GCM_TAG
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
    this.#rtp.rtpNonce(ssrc, roc, sequence)
    return this.#rtp.cipher.open(bytes, start, headerEnd, end, 0) ? end - GCM_TAG : -1
  }

  sealRtcp(ssrc: number, index: number, target: Uint8Array, start: number, end: number): number {
    setUint32At(target, end + GCM_TAG, ENCRYPTED | index)
    this.#rtcp.rtcpNonce(ssrc, index)
    this.#rtcp.cipher.seal(target, start, start + RTCP_CLEAR, target, start + RTCP_CLEAR, end, RTCP_WORD)
    return end + GCM_TAG + RTCP_WORD
  }

  openRtcp(ssrc: number, word: number, bytes: Uint8Array, start: number, end: number): number {
    const tagEnd = end - RTCP_WORD
    const textAt = (word & ENCRYPTED) === 0 ? tagEnd - GCM_TAG : start + RTCP_CLEAR
    this.#rtcp.rtcpNonce(ssrc, word & ~ENCRYPTED)
    return this.#rtcp.cipher.open(bytes, start, textAt, tagEnd, RTCP_WORD) ? tagEnd - GCM_TAG : -1
  }

  wordAt(end: number): number {
    return end - RTCP_WORD
  }

  close(): void {
    this.#rtp.cipher.close()
    this.#rtcp.cipher.close()
  }
}

/** A cipher, with the salt that its nonces are made from. */
class Nonced {
  readonly cipher: AesGcm
  readonly #salt0: number
  readonly #salt1: number
  readonly #salt2: number

  constructor({ key, salt }: SessionKeys, direction: 'seal' | 'open') {
    this.cipher = new AesGcm(key, direction)
    this.#salt0 = uint32At(salt, 0) | 0
    this.#salt1 = uint32At(salt, 4) | 0
    this.#salt2 = uint32At(salt, 8) | 0
  }

  /** RFC 7714 §8.1: two zero bytes, SSRC, roll-over counter and sequence number, XORed with the salt. */
  rtpNonce(ssrc: number, roc: number, sequence: number): void {
    const { iv } = this.cipher
    iv.setInt32(0, this.#salt0 ^ (ssrc >>> 16))
    iv.setInt32(4, this.#salt1 ^ ((ssrc << 16) | (roc >>> 16)))
    iv.setInt32(8, this.#salt2 ^ ((roc << 16) | sequence))
  }

  /** RFC 7714 §9.1: two zero bytes, SSRC, two zero bytes and index, XORed with the salt. */
  rtcpNonce(ssrc: number, index: number): void {
    const { iv } = this.cipher
    iv.setInt32(0, this.#salt0 ^ (ssrc >>> 16))
    iv.setInt32(4, this.#salt1 ^ (ssrc << 16))
    iv.setInt32(8, this.#salt2 ^ index)
  }
}

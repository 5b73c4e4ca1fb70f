import type { SrtpProfileName } from './profiles.ts'

/** The key of one direction, as DTLS hands it out. The bytes are copied, and may be wiped afterwards. */
export interface SrtpKey {
  readonly profile: SrtpProfileName
  readonly masterKey: Uint8Array
  readonly masterSalt: Uint8Array
  /** SSRCs that may use it; default 64. */
  readonly maxSsrcs?: number
}

/**
 * Protects what is sent under one master key, of any number of SSRCs up to a limit (RFC 3711, RFC 7714). Never uses a
 * nonce twice. Works where the bytes lie when that is an arena of ffi, and through a copy elsewhere.
 */
export class SrtpSender {
  readonly profile: SrtpProfileName

  /** Throws where this Node has no OpenSSL to call, and RangeError for a key of the wrong size. */
  constructor(key: SrtpKey) {
    this.profile = key.profile
  }

  /**
   * Encrypts `source` from `payloadStart` to `payloadEnd` into `target` behind the RTP header, which lies there already
   * from `at` to `headerEnd`; the tag follows. `source` may be `target`: in place when `payloadStart === headerEnd`.
   * Returns the end of the packet in `target`, or a negative reason of {@link refused}. Throws RangeError for a range
   * outside of the bytes. Sending out of order is fine within 1,024 packets of the newest of an SSRC.
   */
  protectRtp(
    _target: Uint8Array,
    _at: number,
    _headerEnd: number,
    _source: Uint8Array,
    _payloadStart: number,
    _payloadEnd: number,
  ): number {
    throw new Error('to be filled')
  }

  /** Protects a compound RTCP packet in place; behind `end` there must be room. Returns its end, or a negative reason. */
  protectRtcp(_target: Uint8Array, _start: number, _end: number): number {
    throw new Error('to be filled')
  }

  /** Wipes and frees the keys. May be called twice; afterwards protecting throws. */
  close(): void {}
}

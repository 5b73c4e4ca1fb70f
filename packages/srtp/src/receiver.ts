import type { SrtpProfileName } from './profiles.ts'
import type { SrtpKey } from './sender.ts'

/**
 * Unprotects what comes under one master key (RFC 3711, RFC 7714), in place. Remembers an SSRC only after an authentic
 * packet of it. Works where the bytes lie when that is an arena of ffi, and through a copy elsewhere.
 */
export class SrtpReceiver {
  readonly profile: SrtpProfileName

  /** Throws where this Node has no OpenSSL to call, and RangeError for a key of the wrong size. */
  constructor(key: SrtpKey) {
    this.profile = key.profile
  }

  /**
   * Turns the SRTP packet from `start` to `end` into RTP, in place, and returns its new end; or a negative reason of
   * {@link refused}, the bytes then being of no use. Never throws for what they contain.
   */
  unprotectRtp(_bytes: Uint8Array, _start: number, _end: number): number {
    throw new Error('to be filled')
  }

  /** The same for SRTCP, encrypted or not. */
  unprotectRtcp(_bytes: Uint8Array, _start: number, _end: number): number {
    throw new Error('to be filled')
  }

  /** Wipes and frees the keys. May be called twice; afterwards unprotecting throws. */
  close(): void {}
}

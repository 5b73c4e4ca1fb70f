import type { DtlsCertificate } from './certificate.ts'
import type { ProfileName } from './profiles.ts'
import type { Fingerprint } from './types.ts'

export interface DtlsContextOptions extends DtlsCertificate {
  /** In order of preference; default: AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_80. */
  readonly profiles?: readonly ProfileName[]
  /** Handshakes that may be under way at once; default 1,000. See {@link DtlsContext.refusedHandshakes}. */
  readonly maxHandshakes?: number
  /** A handshake that takes longer fails; default 30,000 ms. */
  readonly handshakeTimeoutMs?: number
}

/** What the endpoints of one thread share: certificate, ciphers, and the bound on handshakes under way. */
export class DtlsContext {
  /** Of the own certificate, for `a=fingerprint`: sha-256, upper case, with colons. */
  readonly fingerprint: Fingerprint = { algorithm: 'sha-256', value: '' }

  /** Throws where this Node has no OpenSSL that can do DTLS-SRTP, and for a certificate and key that do not match. */
  constructor(_options: DtlsContextOptions) {}

  /** Handshakes under way. */
  get handshakes(): number {
    return 0
  }

  /** Datagrams that would have begun a handshake beyond the bound. The peer will send them again. */
  get refusedHandshakes(): number {
    return 0
  }

  /** Endpoints made from it go on. May be called twice. */
  close(): void {}
}

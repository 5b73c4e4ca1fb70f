import { DtlsSslContext, requireOpenssl } from '@parley/ffi'
import { type DtlsCertificate, readCertificate } from './certificate.ts'
import { HandshakeGate } from './handshake-gate.ts'
import { type ProfileName, profiles } from './profiles.ts'
import type { Fingerprint } from './types.ts'

/** All have forward secrecy. RFC 8827 §6.5 requires an AES-GCM suite; CBC is for old devices. */
const CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES'

export interface DtlsContextOptions extends DtlsCertificate {
  /** In order of preference; default: AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_80. */
  readonly profiles?: readonly ProfileName[]
  /** How many handshakes may be under way at once. Default 1,000. See {@link DtlsContext.gate}. */
  readonly maxHandshakes?: number
  /** How many of them may be one source's. Default 384: enough for 128 people behind one NAT who all join at once, with two each. */
  readonly maxHandshakesOfSource?: number
  /** A handshake that takes longer fails. Default 30,000 ms. */
  readonly handshakeTimeoutMs?: number
  /**
   * For simulations whose time runs ahead of the system's: `handleTimeout` then blocks the thread until OpenSSL's own timer
   * has run out, for at most 1.6 s. Default false.
   */
  readonly simulatedTime?: boolean
}

/** What the endpoints of one thread share: certificate, ciphers, and the limit on handshakes under way. */
export class DtlsContext {
  /** The fingerprint of our own certificate, for `a=fingerprint`: sha-256, upper case, with colons. */
  readonly fingerprint: Fingerprint
  readonly handshakeTimeoutMs: number
  readonly simulatedTime: boolean
  /**
   * When too many handshakes are under way, a stalled one gives way. If none is stalled, a client's first datagram is dropped;
   * it will send it again.
   */
  readonly gate: HandshakeGate
  /** OpenSSL's part. */
  readonly ssl: DtlsSslContext

  /** Throws if this Node has no OpenSSL that can do DTLS-SRTP, or if certificate and key do not match. */
  constructor(options: DtlsContextOptions) {
    requireOpenssl()
    const { certificate, privateKey, fingerprint } = readCertificate(options)
    const offered = options.profiles ?? (Object.keys(profiles) as ProfileName[])
    this.fingerprint = { algorithm: 'sha-256', value: fingerprint }
    this.gate = new HandshakeGate({
      most: options.maxHandshakes ?? 1000,
      mostOfSource: options.maxHandshakesOfSource ?? 384,
    })
    this.handshakeTimeoutMs = options.handshakeTimeoutMs ?? 30_000
    this.simulatedTime = options.simulatedTime ?? false
    this.ssl = new DtlsSslContext({
      certificate,
      privateKey,
      ciphers: CIPHERS,
      srtpProfiles: offered.map(name => profiles[name].openssl).join(':'),
    })
  }

  /** Handshakes that have begun continue; new ones throw. May be called twice. */
  close(): void {
    this.ssl.close()
  }
}

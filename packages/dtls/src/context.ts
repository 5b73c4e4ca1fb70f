import { DtlsSslContext, requireOpenssl } from '@parley/ffi'
import { type DtlsCertificate, readCertificate } from './certificate.ts'
import { HandshakeGate } from './handshake-gate.ts'
import { type ProfileName, profiles } from './profiles.ts'
import type { Fingerprint } from './types.ts'

/** Forward secrecy always; RFC 8827 §6.5 asks for the first one. CBC is for old devices. */
const CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES'

export interface DtlsContextOptions extends DtlsCertificate {
  /** In order of preference; default: AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_80. */
  readonly profiles?: readonly ProfileName[]
  /** Handshakes that may be under way at once; default 1,000. See {@link DtlsContext.gate}. */
  readonly maxHandshakes?: number
  /** Of them, of one source; default 384: 128 people behind one NAT, who come all at once with two each, and some more. */
  readonly maxHandshakesOfSource?: number
  /** A handshake that takes longer fails; default 30,000 ms. */
  readonly handshakeTimeoutMs?: number
  /**
   * For simulations, whose time runs ahead of the system's: `handleTimeout` then waits, holding the thread, until
   * OpenSSL's own timer has run out, at most 1.6 s. Default false.
   */
  readonly simulatedTime?: boolean
}

/** What the endpoints of one thread share: certificate, ciphers, and the bound on handshakes under way. */
export class DtlsContext {
  /** Of the own certificate, for `a=fingerprint`: sha-256, upper case, with colons. */
  readonly fingerprint: Fingerprint
  readonly handshakeTimeoutMs: number
  readonly simulatedTime: boolean
  /**
   * Where too many handshakes are under way, a stalled one gives way. If there is none, a client's first datagram is dropped,
   * and it will send it again.
   */
  readonly gate: HandshakeGate
  /** OpenSSL's part. */
  readonly ssl: DtlsSslContext

  /** Throws where this Node has no OpenSSL that can do DTLS-SRTP, and for a certificate and key that do not match. */
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

  /** Handshakes that have begun go on; new ones throw. May be called twice. */
  close(): void {
    this.ssl.close()
  }
}

import type { ProfileName } from './profiles.ts'

/** A certificate's hash, as SDP's `a=fingerprint` has it (RFC 8122). */
export interface Fingerprint {
  readonly algorithm: 'sha-256' | 'sha-384' | 'sha-512'
  /** Pairs of hexadecimal digits with colons between, in either case. */
  readonly value: string
}

/** The keys that a handshake yields for SRTP. Whoever receives them wipes them after use. */
export interface SrtpKeys {
  readonly profile: ProfileName
  /** They protect what this side sends. */
  readonly localKey: Uint8Array
  readonly localSalt: Uint8Array
  /** They protect what the other side sends. */
  readonly remoteKey: Uint8Array
  readonly remoteSalt: Uint8Array
}

export interface DtlsFailure {
  readonly reason: /** The peer has another certificate than the one that was signalled. */
    | 'fingerprint'
    | 'no-certificate'
    /** There is no SRTP profile that both sides support. */
    | 'no-profile'
    /** The handshake took longer than allowed. */
    | 'timeout'
    /** The handshake stalled, and gave way to another. */
    | 'crowded-out'
    /** The peer sent a fatal alert. */
    | 'alert'
    /** Anything else that OpenSSL treats as fatal. */
    | 'protocol'
  /** A sentence for the log. */
  readonly detail: string
}

export interface DtlsOptions {
  /** `server` is `a=setup:passive`, `client` is `a=setup:active`. */
  readonly role: 'server' | 'client'
  /** The peer's certificate must match one of these (RFC 8122 §5). */
  readonly fingerprints: readonly Fingerprint[]
  /** Whose handshake it is, for `maxHandshakesOfSource`; asked when it begins. Default: nobody's. */
  readonly source?: () => string
  /** The largest datagram to send, in bytes; 256 or more, default 1200. */
  readonly mtu?: number
  /** Sends one datagram. The bytes may be kept. */
  readonly send: (bytes: Uint8Array, start: number, end: number) => void
  readonly onConnected: (keys: SrtpKeys) => void
  /** The handshake is over, or the connection broke. Nothing is called afterwards. */
  readonly onFailed: (failure: DtlsFailure) => void
  /** Application data, one message at a time. The bytes may be kept. */
  readonly onData?: (bytes: Uint8Array) => void
  /** The peer closed the connection. Nothing is called afterwards. */
  readonly onClosed: () => void
}

export type DtlsState = 'new' | 'handshaking' | 'connected' | 'closed' | 'failed'

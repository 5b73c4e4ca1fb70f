import type { Permitted } from './name-constraints.ts'
import type { Pair } from './pair.ts'

/** Where the server's certificate comes from. */
export interface CertificateSource {
  /** The certificate and key to serve now. */
  readonly pair: Pair
  /** The authority that people have to trust for it; undefined if the owner brought the certificate. */
  readonly authority: Authority | undefined
  /** Checks whether another pair is due. True: `pair` has changed. Never throws: what is broken is logged, and the old pair stays. */
  refresh(): Promise<boolean>
}

/** The public side of the local authority. */
export interface Authority {
  readonly pem: string
  readonly der: Uint8Array
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string
  /** What it may sign for; undefined if nothing limits it, as in authorities that earlier versions made. */
  readonly permitted: Permitted | undefined
  /** Why it has replaced another authority at this start. */
  readonly replaced?: string
}

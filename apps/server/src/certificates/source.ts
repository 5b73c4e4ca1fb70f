import type { Permitted } from './name-constraints.ts'
import type { Pair } from './pair.ts'

/** Where the server's certificate comes from; asked again from time to time. */
export interface CertificateSource {
  /** What to serve now. */
  readonly pair: Pair
  /** Whom people have to trust for it; undefined with a certificate of one's own. */
  readonly authority: Authority | undefined
  /** Looks again. True: `pair` is another one now. Never throws: what is broken is logged, and the old pair stays. */
  refresh(): Promise<boolean>
}

/** The public side of the local authority. */
export interface Authority {
  readonly pem: string
  readonly der: Uint8Array
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string
  /** What it may sign for; undefined when nothing limits it, as those of versions before. */
  readonly permitted: Permitted | undefined
  /** Why it has taken another one's place at this start. */
  readonly replaced?: string
}

import type { DtlsCertificate } from '@parley/dtls'
import type { IceCredentials } from '@parley/sfu'
import type { RemoteEnd } from './sdp.ts'

export interface LoadSetup {
  readonly certificate: DtlsCertificate
  /** Of the packets that arrive, one in so many is decrypted; the others are counted. */
  readonly decryptOneIn: number
}

/** What is sent: `burst` packets at a time. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export type ToLoad =
  | {
      readonly is: 'join'
      readonly id: number
      readonly local: IceCredentials
      readonly remote: RemoteEnd
      /** The SSRC that it sends with; undefined: it receives. */
      readonly ssrc: number | undefined
    }
  | { readonly is: 'leave'; readonly id: number }
  /** All senders send at this rate from now on; 0: not at all. */
  | { readonly is: 'send'; readonly rate: Rate }
  /** Starts counting what is sent from now on. */
  | { readonly is: 'count' }
  | { readonly is: 'tally' }

export interface Tally {
  /** Packets of all senders, and of all receivers. */
  readonly sent: number
  readonly received: number
  /** ms from the sender's hand to the receiver's, of packets that were decrypted. */
  readonly delays: readonly number[]
}

export type FromLoad =
  | { readonly is: 'connected'; readonly id: number }
  | { readonly is: 'ended'; readonly id: number; readonly why: string }
  /** Its first key frame began to arrive, at this time of `wallMs`. */
  | { readonly is: 'first'; readonly id: number; readonly at: number }
  | ({ readonly is: 'tally' } & Tally)

/** ms on one clock for all threads, in fractions. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now()
}

import type { Duplex } from 'node:stream'
import type { Address } from '@parley/udp'
import type { DiscoveryRole } from '../discovery/server/discovery-role.ts'

export type FlowTransport = 'udp' | 'tcp' | 'tls'

/** How one client reaches us: its 5-tuple (RFC 8656 §2.2), and the way back. */
export interface Flow {
  readonly transport: FlowTransport
  readonly client: Address
  /** Our address that the client has reached, in text; undefined if only the system knows. */
  readonly local?: string | undefined
  /** Where NAT discovery is served (RFC 5780). */
  readonly discovery?: DiscoveryRole | undefined
  /**
   * Sends one message; a stream adds the padding of ChannelData. The bytes may be used again afterwards, unless they are a
   * received datagram's (see `Datagram`). False if it was dropped, because a slow client's stream is full.
   */
  send(bytes: Uint8Array, start: number, end: number): boolean
  /** The flow has an allocation and must be found again, or has none any more. */
  keep(kept: boolean): void
  /**
   * Streams alone: from here on their bytes are the peer's and the peer's are theirs (RFC 6062 §5.4), as many at a time as
   * `admit` lets pass.
   */
  join?(peer: Duplex, admit: Admit): void
}

/** How many of so many bytes may pass now; they count as passed. */
export type Admit = (bytes: number, now: number) => number

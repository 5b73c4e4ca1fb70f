import type { Duplex } from 'node:stream'
import type { Address } from '@parley/udp'

/** A peer's connection to a relayed address, or from one to a peer. */
export interface PeerStream {
  readonly peer: Address
  /** Paused until it is joined to a client's stream; to be destroyed where nobody wants it. */
  readonly stream: Duplex
}

/** A relayed TCP address that is open. */
export interface TcpDoor {
  /** Connects to a peer from this address. `done` comes within half a minute, with undefined where that failed. */
  connect(to: Address, done: (stream: PeerStream | undefined, now: number) => void): void
  /** Listens no longer; connections stay. */
  close(): void
}

export interface TcpListening {
  /** Local address, in text. */
  readonly address: string
  readonly port: number
  readonly onConnection: (stream: PeerStream, now: number) => void
  /** The port was lost: another program took it. */
  readonly onLost: () => void
}

/** What TCP relaying needs of the system: filled by an edge. `now` in milliseconds. */
export interface TcpPort {
  /** `done` comes with undefined where the port cannot be had. */
  listen(listening: TcpListening, done: (door: TcpDoor | undefined, now: number) => void): void
}

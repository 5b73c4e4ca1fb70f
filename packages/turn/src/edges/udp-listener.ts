import type { Address, Datagram, Loop, UdpSocket } from '@parley/udp'
import type { DiscoveryRole } from '../discovery/server/discovery-role.ts'
import { AddressMap } from '../server/address-map.ts'
import type { Allocation, ClientFlow } from '../server/allocation.ts'
import type { TurnServer } from '../server/turn-server.ts'

export interface UdpListenerOptions {
  readonly discovery?: DiscoveryRole | undefined
  /** Is shown every datagram first; true: it was for somebody else, and is done with. */
  readonly first?: ((datagram: Datagram, now: number) => boolean) | undefined
}

/** A UDP port on which clients reach a TURN server. Remembers only clients that have an allocation. */
export class UdpListener {
  readonly socket: UdpSocket
  readonly #server: TurnServer
  readonly #discovery: DiscoveryRole | undefined
  readonly #flows = new AddressMap<UdpFlow>()

  /** Throws UdpError if the port cannot be had. */
  constructor(
    loop: Pick<Loop, 'open'>,
    server: TurnServer,
    address: string,
    port: number,
    { discovery, first }: UdpListenerOptions = {},
  ) {
    this.#discovery = discovery
    this.#server = server
    this.socket = loop.open({
      address,
      port,
      dual: address === '::',
      receiveBufferBytes: 4 << 20,
      sendBufferBytes: 4 << 20,
      onDatagram: first
        ? (datagram, now) => first(datagram, now) || this.receive(datagram, now)
        : (datagram, now) => this.receive(datagram, now),
    })
  }

  receive({ bytes, start, end, from }: Datagram, now: number): void {
    const flow = this.#flows.get(from) ?? new UdpFlow(this.socket, from, this.#flows, this.#discovery)
    this.#server.receive(bytes, start, end, flow, now)
  }
}

const everywhere: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

class UdpFlow implements ClientFlow {
  readonly transport = 'udp'
  readonly client: Address
  readonly local: string | undefined
  readonly discovery: DiscoveryRole | undefined
  allocation: Allocation | undefined
  readonly #socket: UdpSocket
  readonly #kept: AddressMap<UdpFlow>

  constructor(socket: UdpSocket, client: Address, kept: AddressMap<UdpFlow>, discovery: DiscoveryRole | undefined) {
    this.discovery = discovery
    this.local = everywhere.has(socket.local.host) ? undefined : socket.local.host
    this.#socket = socket
    this.client = client
    this.#kept = kept
  }

  send(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#socket.send(bytes, start, end, this.client)
  }

  keep(kept: boolean): void {
    if (kept) this.#kept.set(this.client, this)
    else this.#kept.delete(this.client)
  }
}

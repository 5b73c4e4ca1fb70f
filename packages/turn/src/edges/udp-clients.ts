import type { Address, Datagram, UdpSocket } from '@parley/udp'
import type { DiscoveryRole } from '../discovery/server/discovery-role.ts'
import { AddressMap } from '../server/address-map.ts'
import type { Allocation, ClientFlow } from '../server/allocation.ts'
import type { TurnServer } from '../server/turn-server.ts'

/**
 * The clients of a TURN server on one UDP socket. Remembers only those that have an allocation.
 *
 * @example
 * const clients = new UdpClients(server)
 * loop.open({ address: '0.0.0.0', port: 3478, onDatagram: (datagram, now) => clients.receive(datagram, now) })
 */
export class UdpClients {
  readonly #server: TurnServer
  readonly #discovery: DiscoveryRole | undefined
  readonly #flows = new AddressMap<UdpFlow>()

  constructor(server: TurnServer, discovery?: DiscoveryRole) {
    this.#server = server
    this.#discovery = discovery
  }

  /** Takes whatever comes. */
  receive({ bytes, start, end, from, socket }: Datagram, now: number): true {
    const flow = this.#flows.get(from) ?? new UdpFlow(socket, from, this.#flows, this.#discovery)
    this.#server.receive(bytes, start, end, flow, now)
    return true
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

import type { Address, Datagram, Loop, UdpSocket } from '@parley/udp'
import { AddressMap } from '../server/address-map.ts'
import type { Allocation } from '../server/allocation.ts'
import type { ClientFlow } from '../server/flow.ts'
import type { TurnServer } from '../server/turn-server.ts'

/** A UDP port on which clients reach a TURN server. Remembers only clients that have an allocation. */
export class UdpListener {
  readonly socket: UdpSocket
  readonly #server: TurnServer
  readonly #flows = new AddressMap<UdpFlow>()

  /** Throws UdpError if the port cannot be had. */
  constructor(loop: Loop, server: TurnServer, address: string, port: number) {
    this.#server = server
    this.socket = loop.open({
      address,
      port,
      dual: address === '::',
      receiveBufferBytes: 4 << 20,
      sendBufferBytes: 4 << 20,
      onDatagram: (datagram, now) => this.receive(datagram, now),
    })
  }

  receive({ bytes, start, end, from }: Datagram, now: number): void {
    const flow = this.#flows.get(from) ?? new UdpFlow(this.socket, from, this.#flows)
    this.#server.receive(bytes, start, end, flow, now)
  }
}

class UdpFlow implements ClientFlow {
  readonly transport = 'udp'
  readonly client: Address
  allocation: Allocation | undefined
  readonly #socket: UdpSocket
  readonly #kept: AddressMap<UdpFlow>

  constructor(socket: UdpSocket, client: Address, kept: AddressMap<UdpFlow>) {
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

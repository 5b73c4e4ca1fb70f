import { Address, type Datagram, type Loop, type UdpSocket } from '@parley/udp'
import type { PipeCarrier } from '../ports.ts'

/** Room for what comes while the thread does something else. */
const bufferBytes = 4 << 20

export interface PipeSocketOptions {
  readonly loop: Pick<Loop, 'open' | 'outgoing' | 'reserve'>
  /** An address of this machine that nobody else can send from or to: the loopback. */
  readonly address: string
  /** What came from a router; -1: from somebody else. The bytes are good until it returns. */
  readonly receive: (from: number, bytes: Uint8Array, start: number, end: number, now: number) => void
}

/** Carries pipes between the threads of a machine, over UDP: their loops move batches of datagrams anyhow. */
export class PipeSocket implements PipeCarrier {
  readonly #options: PipeSocketOptions
  readonly #socket: UdpSocket
  /** By the numbers of their routers. */
  #peers: readonly Address[] = []

  constructor(options: PipeSocketOptions) {
    this.#options = options
    this.#socket = options.loop.open({
      address: options.address,
      receiveBufferBytes: bufferBytes,
      sendBufferBytes: bufferBytes,
      onDatagram: (datagram, now) => this.#receive(datagram, now),
    })
  }

  get port(): number {
    return this.#socket.local.port
  }

  /** The ports of all, by the numbers of their routers. */
  connect(ports: readonly number[]): void {
    this.#peers = ports.map(port => Address.parse(this.#options.address, port))
  }

  get outgoing(): Uint8Array {
    return this.#options.loop.outgoing
  }

  reserve(bytes: number): number {
    return this.#options.loop.reserve(bytes)
  }

  send(to: number, start: number, end: number): boolean {
    const peer = this.#peers[to]
    return peer !== undefined && this.#socket.send(this.outgoing, start, end, peer)
  }

  /** May be called twice. */
  close(): void {
    this.#socket.close()
  }

  #receive({ bytes, start, end, from }: Datagram, now: number): void {
    const peer = this.#peers.findIndex(address => address.equals(from))
    this.#options.receive(peer, bytes, start, end, now)
  }
}

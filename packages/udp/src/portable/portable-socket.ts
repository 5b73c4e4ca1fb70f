import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { Address } from '../address/address.ts'
import { zoneName } from '../address/zone.ts'
import { accepts, wantedAddress } from '../checks.ts'
import { UdpError } from '../errors.ts'
import { emptyStats, type UdpStats } from '../stats.ts'
import type { OpenOptions, UdpSocket } from '../types.ts'
import { dropsByPort } from './kernel-drops.ts'

/** How many bytes may wait at a socket for the kernel to take them. */
const MAX_QUEUED = 1024 * 1024

/** What a socket asks of its loop. */
export interface SocketHost {
  received(socket: PortableSocket, message: Uint8Array, from: RemoteInfo): void
  failed(error: unknown): void
  closing(socket: PortableSocket): void
}

export class PortableSocket implements UdpSocket {
  readonly version: 4 | 6
  readonly dual: boolean
  readonly local: Address
  readonly options: OpenOptions
  readonly counters = emptyStats()
  #closed = false
  readonly #host: SocketHost
  readonly #socket: Socket
  readonly #onSent = (error: Error | null, bytes: number) => this.#countSent(error, bytes)

  /** Throws UdpError, leaving nothing open. */
  constructor(host: SocketHost, options: OpenOptions) {
    const wanted = wantedAddress(options)
    this.#host = host
    this.options = options
    this.version = wanted.version
    this.dual = options.dual ?? false
    this.#socket = createSocket({
      type: this.version === 4 ? 'udp4' : 'udp6',
      ipv6Only: this.version === 6 && !this.dual,
      ...(options.receiveBufferBytes && { recvBufferSize: options.receiveBufferBytes }),
      ...(options.sendBufferBytes && { sendBufferSize: options.sendBufferBytes }),
      // Addresses need no looking up, and answering synchronously makes binding and sending synchronous too.
      lookup: (host, _options, callback) => callback(null, host, this.version),
    })
    this.local = this.#bind(wanted)
    this.#socket.on('error', error => host.failed(error))
    this.#socket.on('message', (message, from) => this.#host.received(this, message, from))
  }

  get closed(): boolean {
    return this.#closed
  }

  get buffers(): { receive: number; send: number } {
    return { receive: this.#socket.getRecvBufferSize(), send: this.#socket.getSendBufferSize() }
  }

  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean {
    if (!accepts(this, bytes, start, end, to)) {
      this.counters.refused++
      return false
    }
    if (this.#socket.getSendQueueSize() > MAX_QUEUED) {
      this.counters.blocked++
      return false
    }
    // A copy, because Node may send later, from the memory it was given.
    this.#socket.send(Buffer.from(bytes.subarray(start, end)), to.port, this.#destination(to), this.#onSent)
    return true
  }

  /** Node offers no way to do this. */
  setDontFragment(_on: boolean): boolean {
    return false
  }

  stats(): UdpStats {
    this.learnDrops(dropsByPort())
    return { ...this.counters }
  }

  /** Takes the socket's overruns from the system's table, which is read once for all sockets. */
  learnDrops(drops: ReadonlyMap<number, number> | undefined): void {
    if (drops && !this.#closed) this.counters.overruns = drops.get(this.local.port) ?? this.counters.overruns
  }

  close(): void {
    if (this.#closed) return
    this.#host.closing(this)
    this.#closed = true
    this.#socket.close()
  }

  /** Binds, synchronously because no name has to be looked up, and returns the address it got. */
  #bind(wanted: Address): Address {
    const socket = this.#socket
    let failure: Error | undefined
    const onError = (error: Error) => {
      failure = error
    }
    try {
      socket.once('error', onError)
      socket.bind({ address: this.#destination(wanted), port: wanted.port, exclusive: true })
      if (failure) throw failure
      socket.off('error', onError)
      const { address, port } = socket.address()
      return Address.parse(address, port)
    } catch (error) {
      socket.close()
      throw UdpError.from(error, wanted.host, wanted.port)
    }
  }

  /** The address as libuv wants it for this socket. */
  #destination(to: Address): string {
    if (to.version === 4 && this.version === 6) return `::ffff:${to.host}`
    return to.scope === 0 ? to.host : to.host.replace(/%.*$/, `%${zoneName(to.scope)}`)
  }

  #countSent(error: Error | null, bytes: number): void {
    if (error) {
      this.counters.failed++
      return
    }
    this.counters.sent++
    this.counters.sentBytes += bytes
  }
}

import {
  Address,
  type Datagram,
  HEADROOM,
  type OpenOptions,
  TAILROOM,
  type UdpSocket,
  type UdpStats,
} from '@parley/udp'
import type { Outgoing } from '../transport/secure-session.ts'

/** A datagram that was sent, and when. */
export interface Sent {
  readonly from: Address
  readonly to: Address
  readonly bytes: Uint8Array
  readonly at: number
}

/** What a loop drives, here too. */
export interface Timed {
  nextTimeout(): number
  handleTimeout(now: number): void
}

const noStats: UdpStats = {
  received: 0,
  receivedBytes: 0,
  truncated: 0,
  sent: 0,
  sentBytes: 0,
  blocked: 0,
  failed: 0,
  refused: 0,
  icmp: 0,
  overruns: undefined,
}

const outgoingBytes = 1 << 20

/**
 * A loop and its network in virtual time: what one socket sends to another's address arrives at once, unless `lose` says
 * otherwise; everything that was sent is in `log`.
 */
export class FakeNet implements Outgoing {
  now = 0
  readonly outgoing: Uint8Array = new Uint8Array(outgoingBytes)
  log: Sent[] = []
  /** Which datagrams do not arrive. */
  lose: (sent: Sent) => boolean = () => false
  readonly #sockets = new Map<string, FakeSocket>()
  readonly #queue: Sent[] = []
  readonly #timed = new Set<Timed>()
  #used = 0
  #ports = 10_000

  readonly open = (options: OpenOptions): FakeSocket => {
    const socket = new FakeSocket(this, options, options.port || this.#ports++)
    this.#sockets.set(socket.local.key, socket)
    return socket
  }

  reserve(length: number): number {
    if (this.#used + length > outgoingBytes) this.#used = 0
    const at = this.#used
    this.#used += length
    return at
  }

  trim(end: number): void {
    this.#used = end
  }

  drive(timed: Timed): void {
    this.#timed.add(timed)
  }

  undrive(timed: Timed): void {
    this.#timed.delete(timed)
  }

  send(bytes: Uint8Array, from: Address, to: Address): void {
    const sent = { bytes, from, to, at: this.now }
    this.log.push(sent)
    this.#queue.push(sent)
  }

  /** Brings a datagram to a socket as if it had come from anywhere. */
  inject(bytes: Uint8Array, from: Address, to: Address): void {
    this.#sockets.get(to.key)?.receive(bytes, from, this.now)
    this.deliver()
  }

  /** Brings everything that was sent to where it goes, and what is sent because of that. */
  deliver(): void {
    for (let sent = this.#queue.shift(); sent; sent = this.#queue.shift()) {
      if (!this.lose(sent)) this.#sockets.get(sent.to.key)?.receive(sent.bytes, sent.from, this.now)
    }
  }

  /** Lets so many milliseconds pass, with everything that falls due in them. */
  advance(ms: number): void {
    const end = this.now + ms
    this.deliver()
    for (let due = this.#due(); due <= end; due = this.#due()) {
      this.now = Math.max(this.now, due)
      for (const timed of this.#timed) if (timed.nextTimeout() <= this.now) timed.handleTimeout(this.now)
      this.deliver()
    }
    this.now = end
  }

  forget(socket: FakeSocket): void {
    this.#sockets.delete(socket.local.key)
  }

  #due(): number {
    let due = Number.POSITIVE_INFINITY
    for (const timed of this.#timed) due = Math.min(due, timed.nextTimeout())
    return due
  }
}

export class FakeSocket implements UdpSocket {
  readonly local: Address
  readonly dual = false
  readonly buffers = { receive: 0, send: 0 }
  closed = false
  readonly #net: FakeNet
  readonly #options: OpenOptions

  constructor(net: FakeNet, options: OpenOptions, port: number) {
    this.#net = net
    this.#options = options
    this.local = Address.parse(options.address, port)
  }

  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean {
    if (this.closed) return false
    this.#net.send(bytes.slice(start, end), this.local, to)
    return true
  }

  receive(bytes: Uint8Array, from: Address, now: number): void {
    const slab = new Uint8Array(HEADROOM + bytes.length + TAILROOM).fill(0xee)
    slab.set(bytes, HEADROOM)
    const datagram: Datagram = { bytes: slab, start: HEADROOM, end: HEADROOM + bytes.length, from, socket: this }
    this.#options.onDatagram(datagram, now)
  }

  setDontFragment(): boolean {
    return true
  }

  stats(): UdpStats {
    return { ...noStats }
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#net.forget(this)
  }
}

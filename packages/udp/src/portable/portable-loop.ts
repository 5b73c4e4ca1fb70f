import type { RemoteInfo } from 'node:dgram'
import { Address } from '../address/address.ts'
import { type ControlMessage, DEFAULT_MAX_DATAGRAM, type LoopControl, type LoopOptions } from '../control.ts'
import { ProgramCaller } from '../program.ts'
import { addStats, emptyStats, type UdpStats } from '../stats.ts'
import { requireReservable, Stretch } from '../stretch.ts'
import { Ticker } from '../ticker.ts'
import { HEADROOM, type Loop, MAX_RESERVE, type OpenOptions, type Program, TAILROOM } from '../types.ts'
import { dropsByPort } from './kernel-drops.ts'
import { PortableSocket, type SocketHost } from './portable-socket.ts'

const MAX_KNOWN_ADDRESSES = 4096

/** Sockets of `node:dgram`, on Node's event loop: for every platform. */
export class PortableLoop implements Loop {
  readonly kind = 'portable'
  readonly features: Loop['features'] = { dontFragment: false, icmp: false, segmentation: false }
  readonly #onError: (error: unknown) => void
  readonly #maxBytes: number
  readonly #program: ProgramCaller
  readonly #sockets = new Set<PortableSocket>()
  readonly #host: SocketHost = {
    received: (socket, message, from) => this.#received(socket, message, from),
    failed: error => this.#onError(error),
    closing: socket => {
      this.#sockets.delete(socket)
      addStats(this.#closedStats, socket.counters)
    },
  }
  readonly #addresses = new AddressTexts()
  /** Each datagram is copied here, to have the free bytes around it that handlers expect. */
  readonly #slot: Uint8Array
  readonly #outgoing = new Stretch(new Uint8Array(2 * MAX_RESERVE))
  readonly #closedStats = emptyStats()
  readonly #control: LoopControl | undefined
  readonly #listener = (message: ControlMessage) => this.#hear(message)
  readonly #ticker: Ticker
  #stopped = false
  #closed = false
  #ended: (() => void) | undefined

  constructor(options: LoopOptions) {
    this.#onError = options.onError
    this.#maxBytes = options.maxDatagramBytes ?? DEFAULT_MAX_DATAGRAM
    this.#slot = new Uint8Array(HEADROOM + this.#maxBytes + TAILROOM)
    this.#program = new ProgramCaller(options.onError)
    this.#control = options.control
    this.#ticker = new Ticker(() => this.#program.tick(this.now()), this.now)
  }

  now(): number {
    return performance.now()
  }

  open(options: OpenOptions): PortableSocket {
    if (this.#closed) throw new Error('the loop is closed')
    const socket = new PortableSocket(this.#host, options)
    this.#sockets.add(socket)
    return socket
  }

  /** There is nothing to send: Node does so at once. */
  flush(): void {
    this.#outgoing.clear()
  }

  get outgoing(): Uint8Array {
    return this.#outgoing.bytes
  }

  reserve(length: number): number {
    requireReservable(length, MAX_RESERVE)
    if (!this.#outgoing.fits(length)) this.flush()
    return this.#outgoing.take(length)
  }

  trim(end: number): void {
    this.#outgoing.trim(end)
  }

  attach(program: Program): void {
    this.#program.set(program)
    this.#control?.port.on('message', this.#listener)
    this.#ticker.poke()
  }

  run(program: Program): Promise<void> {
    this.attach(program)
    return new Promise(resolve => {
      this.#ended = resolve
    })
  }

  stop(): void {
    this.#stopped = true
    this.#ticker.close()
    this.#control?.port.off('message', this.#listener)
    this.#ended?.()
  }

  poke(): void {
    this.#ticker.poke()
  }

  stats(): UdpStats {
    const sum = { ...this.#closedStats }
    const drops = dropsByPort()
    for (const socket of this.#sockets) {
      socket.learnDrops(drops)
      addStats(sum, socket.counters)
    }
    return sum
  }

  close(): void {
    this.stop()
    this.#closed = true
    for (const socket of this.#sockets) socket.close()
  }

  #received(socket: PortableSocket, message: Uint8Array, from: RemoteInfo): void {
    if (this.#stopped) return
    if (message.length > this.#maxBytes) {
      socket.counters.truncated++
      return
    }
    socket.counters.received++
    socket.counters.receivedBytes += message.length
    this.#slot.set(message, HEADROOM)
    const datagram = {
      bytes: this.#slot,
      start: HEADROOM,
      end: HEADROOM + message.length,
      from: this.#addresses.read(from),
      socket,
    }
    try {
      socket.options.onDatagram(datagram, this.now())
    } catch (error) {
      this.#onError(error)
    }
    this.#ticker.poke()
  }

  #hear(message: ControlMessage): void {
    if (message.kind === 'stop') this.stop()
    else this.#program.message(message.value, this.now())
    this.#ticker.poke()
  }
}

/** Reads the addresses of Node's datagrams, and remembers a bounded number of them, so that few are parsed twice. */
class AddressTexts {
  #known = new Map<string, Address>()

  read({ address, port }: RemoteInfo): Address {
    const text = `${port} ${address}`
    const known = this.#known.get(text)
    if (known) return known
    const made = Address.parse(address, port)
    if (this.#known.size >= MAX_KNOWN_ADDRESSES) this.#known.clear()
    this.#known.set(text, made)
    return made
  }
}

import { type Arena, ErrorQueue, NAME_WORDS, ReceiveBatch, SystemError } from '@parley/ffi'
import { Address } from '../address/address.ts'
import { AddressCache } from '../address/address-cache.ts'
import { type Datagram, HEADROOM, type IcmpError, TAILROOM } from '../types.ts'
import type { BatchedSocket } from './batched-socket.ts'

const SLOTS = 128
const FRAGMENTATION_NEEDED = { type: 3, code: 4 } // RFC 792
const PACKET_TOO_BIG = { type: 2, code: 0 } // RFC 4443 §3.2
const ERRORS_AT_ONCE = 16

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface InboxOptions {
  readonly maxBytes: number
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Called before slots are reused: whatever was queued from them must be sent by then. */
  readonly onReuse: () => void
}

/** Receives datagrams, and hands them to their socket's handler where they lie. Allocates nothing per datagram. */
export class Inbox {
  readonly #batch: ReceiveBatch
  readonly #options: InboxOptions
  readonly #addresses = new AddressCache()
  readonly #datagrams: Mutable<Datagram>[] = []
  /** The bytes that were given to a handler last. */
  latest: Uint8Array | undefined
  /** The next slot to fill; those before it may still be queued for sending. */
  #slot = 0

  constructor(arena: Arena, options: InboxOptions) {
    this.#options = options
    this.#batch = new ReceiveBatch(arena, Inbox.#shape(options.maxBytes))
  }

  /** How many bytes of the arena an inbox takes. */
  static bytes(maxBytes: number): number {
    return ReceiveBatch.bytes(Inbox.#shape(maxBytes))
  }

  static #shape(maxBytes: number) {
    return { slots: SLOTS, maxBytes, headroom: HEADROOM, tailroom: TAILROOM }
  }

  /** Starts over with the first slot, which is still in the processor's cache. Everything queued must have been sent. */
  rewind(): void {
    this.#slot = 0
  }

  /** Takes at most `most` of the datagrams that wait at `socket`. Returns how many. */
  take(socket: BatchedSocket, most: number): number {
    if (this.#slot === SLOTS) {
      this.#options.onReuse()
      this.rewind()
    }
    const first = this.#slot
    const count = this.#batch.receive(socket.fd, first, Math.min(most, SLOTS - first))
    if (count < 0) {
      // With `onIcmp` it is an ICMP error, and the error queue has it in full.
      if (!socket.reportsErrors) this.#options.onError(new SystemError('recvmmsg', -count))
      return 0
    }
    this.#slot = first + count
    const now = this.#options.now()
    for (let slot = first; slot < first + count && !socket.closed; slot++) this.#deliver(socket, slot, now)
    return count
  }

  close(): void {
    this.#batch.close()
  }

  #deliver(socket: BatchedSocket, slot: number, now: number): void {
    if (this.#batch.truncated(slot)) {
      socket.counters.truncated++
      return
    }
    const length = this.#batch.length(slot)
    socket.counters.received++
    socket.counters.receivedBytes += length
    const from = this.#addresses.read(this.#batch.names, slot * NAME_WORDS)
    const datagram = this.#datagram(slot, length, from, socket)
    this.latest = datagram.bytes
    try {
      socket.options.onDatagram(datagram, now)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  #datagram(slot: number, length: number, from: Datagram['from'], socket: BatchedSocket): Datagram {
    const end = HEADROOM + length
    const made = this.#datagrams[slot]
    if (!made) {
      const bytes = this.#batch.slots[slot] as Uint8Array
      const datagram = { bytes, start: HEADROOM, end, from, socket }
      this.#datagrams[slot] = datagram
      return datagram
    }
    made.start = HEADROOM
    made.end = end
    made.from = from
    made.socket = socket
    return made
  }
}

/** Reads the ICMP errors that the kernel keeps for sockets. */
export class IcmpReader {
  readonly #queue = new ErrorQueue()

  /** Calls `handler` for the errors that wait at `socket`, up to a limit. */
  read(socket: BatchedSocket, handler: (error: IcmpError) => void): void {
    for (let i = 0; i < ERRORS_AT_ONCE && !socket.closed; i++) {
      const error = this.#queue.next(socket.fd)
      if (error === 'empty') return
      if (error === 'other') continue
      socket.counters.icmp++
      const { version, type, code, info } = error
      const big = version === 6 ? PACKET_TOO_BIG : FRAGMENTATION_NEEDED
      const mtu = type === big.type && code === big.code ? info : 0
      handler({ version, type, code, mtu, to: Address.read(this.#queue.name, 0) })
    }
  }

  close(): void {
    this.#queue.close()
  }
}

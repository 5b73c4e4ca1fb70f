import { type Arena, addressIn } from './arena.ts'
import { EAGAIN, EINTR } from './errors.ts'
import { type Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { libc } from './libc.ts'
import { Messages } from './messages.ts'
import { errno } from './native.ts'
import { NAME_WORDS } from './socket.ts'

const MSG_DONTWAIT = 0x40
const MSG_TRUNC = 0x20
const NAME_BYTES = NAME_WORDS * 4

export interface ReceiveShape {
  /** Datagrams that can be held at once. */
  readonly slots: number
  /** The largest datagram that is received whole. */
  readonly maxBytes: number
  /** Bytes in front of each datagram that are free for writing. */
  readonly headroom: number
  /** Bytes behind the largest datagram that are free for writing. */
  readonly tailroom: number
}

/** Slots in an arena that recvmmsg(2) fills, many with one call. */
export class ReceiveBatch {
  readonly shape: ReceiveShape
  /** Each slot's memory: headroom, datagram, tailroom. */
  readonly slots: readonly Uint8Array[]
  /** Each slot's sender, a sockaddr in {@link NAME_WORDS} words. */
  readonly names: Int32Array
  readonly #messages: Messages

  constructor(arena: Arena, shape: ReceiveShape) {
    const { slots, maxBytes, headroom, tailroom } = shape
    requireInteger('maxBytes', maxBytes, 1, 65_535)
    this.shape = shape
    this.#messages = new Messages(slots, slots)
    const names = arena.allocate(slots * NAME_BYTES)
    this.names = new Int32Array(arena.buffer, names, slots * NAME_WORDS)
    this.slots = Array.from({ length: slots }, (_, slot) => {
      const bytes = headroom + maxBytes + tailroom
      const offset = arena.allocate(bytes)
      this.#messages.setName(slot, addressIn(arena, names + slot * NAME_BYTES, NAME_BYTES))
      this.#messages.setNameLength(slot, NAME_BYTES)
      this.#messages.setPart(slot, addressIn(arena, offset + headroom, maxBytes), maxBytes)
      this.#messages.setParts(slot, slot, 1)
      return new Uint8Array(arena.buffer, offset, bytes)
    })
  }

  /** Arena bytes that a batch of this shape takes. */
  static bytes({ slots, maxBytes, headroom, tailroom }: ReceiveShape): number {
    return 64 + slots * (NAME_BYTES + 64 + headroom + maxBytes + tailroom)
  }

  /**
   * Receives what waits, at most `count` datagrams, into the slots from `first` on; never blocks.
   * Returns how many (0: nothing waits), or the negative errno of an error that waited.
   */
  receive(fd: Fd, first: number, count: number): number {
    requireInteger('first', first, 0, this.shape.slots - 1)
    requireInteger('count', count, 1, this.shape.slots - first)
    const messages = this.#messages
    const received = libc.recvmmsg(rawFd(fd), messages.at(first, count), count, MSG_DONTWAIT, 0)
    if (received < 0) {
      const number = errno()
      return number === EAGAIN || number === EINTR ? 0 : -number
    }
    // The kernel leaves the length of each sender's address; the next call wants the room for one.
    for (let slot = first; slot < first + received; slot++) messages.setNameLength(slot, NAME_BYTES)
    return received
  }

  /** Bytes of the datagram in `slot`. */
  length(slot: number): number {
    return this.#messages.length(slot)
  }

  /** Whether the datagram was larger than the slot, its end being lost. */
  truncated(slot: number): boolean {
    return (this.#messages.flags(slot) & MSG_TRUNC) !== 0
  }

  close(): void {
    this.#messages.close()
  }
}

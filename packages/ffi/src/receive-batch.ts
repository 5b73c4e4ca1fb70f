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
  /** How many datagrams can be held at once. */
  readonly slots: number
  /** The largest datagram that can be received whole. */
  readonly maxBytes: number
  /** Bytes before each datagram that callers may write to. */
  readonly headroom: number
  /** Bytes after the largest datagram that callers may write to. */
  readonly tailroom: number
}

/** Slots in an arena for received datagrams: recvmmsg(2) fills many with one call. */
export class ReceiveBatch {
  readonly shape: ReceiveShape
  /** Each slot's memory: headroom, datagram, tailroom. */
  readonly slots: readonly Uint8Array[]
  /** Each slot's sender: a sockaddr in {@link NAME_WORDS} words. */
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

  /** How many bytes of the arena a batch of this shape takes. */
  static bytes({ slots, maxBytes, headroom, tailroom }: ReceiveShape): number {
    return 64 + slots * (NAME_BYTES + 64 + headroom + maxBytes + tailroom)
  }

  /**
   * Receives at most `count` datagrams into the slots from `first` on, without blocking. Returns how many it received, or the
   * negative errno of an error that was pending on the socket.
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
    // The kernel has replaced the room for each sender's address by its length; the next call needs the room again.
    for (let slot = first; slot < first + received; slot++) messages.setNameLength(slot, NAME_BYTES)
    return received
  }

  /** The length of the datagram in `slot`, in bytes. */
  length(slot: number): number {
    return this.#messages.length(slot)
  }

  /** Whether the datagram was larger than the slot, so that its end is lost. */
  truncated(slot: number): boolean {
    return (this.#messages.flags(slot) & MSG_TRUNC) !== 0
  }

  close(): void {
    this.#messages.close()
  }
}

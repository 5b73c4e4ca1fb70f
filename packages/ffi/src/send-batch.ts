import { Arena, addressIn } from './arena.ts'
import { type Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { cmsghdr } from './layout.ts'
import { libc } from './libc.ts'
import { Messages } from './messages.ts'
import { errno } from './native.ts'
import { NAME_WORDS, nameBytes } from './socket.ts'

const MSG_DONTWAIT = 0x40
const SOL_UDP = 17
const UDP_SEGMENT = 103
const NAME_BYTES = NAME_WORDS * 4
/** CMSG_SPACE(2) and CMSG_LEN(2): the sizes of a control message that holds the segment size. */
const CONTROL_BYTES = 24
const CONTROL_LENGTH = cmsghdr.size + 2

export interface SendShape {
  readonly messages: number
  /** How many pieces of payload all messages may have together. */
  readonly parts: number
}

/** Collects messages, and sends many with one call of sendmmsg(2). Does not copy payload. */
export class SendBatch {
  readonly shape: SendShape
  /** Each message's receiver: a sockaddr in {@link NAME_WORDS} words. Write it before calling {@link message}. */
  readonly names: Int32Array
  readonly #arena: Arena
  readonly #messages: Messages
  readonly #control: DataView
  readonly #controlArena: Arena
  #count = 0
  #parts = 0
  #firstPart = 0

  /** @param arena Where the payload lies. */
  constructor(arena: Arena, shape: SendShape) {
    this.shape = shape
    this.#arena = arena
    this.#messages = new Messages(shape.messages, shape.parts)
    this.#controlArena = new Arena(shape.messages * CONTROL_BYTES)
    this.#control = new DataView(this.#controlArena.buffer)
    const names = arena.allocate(shape.messages * NAME_BYTES)
    this.names = new Int32Array(arena.buffer, names, shape.messages * NAME_WORDS)
    for (let index = 0; index < shape.messages; index++) {
      this.#messages.setName(index, addressIn(arena, names + index * NAME_BYTES, NAME_BYTES))
      const control = index * CONTROL_BYTES
      this.#messages.setControl(index, addressIn(this.#controlArena, control, CONTROL_BYTES))
      this.#control.setUint32(control + cmsghdr.at.len, CONTROL_LENGTH, true)
      this.#control.setInt32(control + cmsghdr.at.level, SOL_UDP, true)
      this.#control.setInt32(control + cmsghdr.at.type, UDP_SEGMENT, true)
    }
  }

  /** How many bytes of the arena a batch of this shape takes. */
  static bytes({ messages }: SendShape): number {
    return 64 + messages * NAME_BYTES
  }

  /** How many messages were made since {@link clear}, which is also the index of the next one. */
  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
    this.#parts = 0
    this.#firstPart = 0
  }

  /** Whether there is room for one more message of `parts` pieces. */
  fits(parts: number): boolean {
    return this.#count < this.shape.messages && this.#parts + parts <= this.shape.parts
  }

  /** Adds a piece of the arena to the payload of the next {@link message}. Throws RangeError outside the arena, or without room. */
  part(offset: number, length: number): void {
    requireInteger('parts', this.#parts, 0, this.shape.parts - 1)
    this.#messages.setPart(this.#parts++, addressIn(this.#arena, offset, length), length)
  }

  /**
   * Makes a message of the parts added since the last one.
   * @param segment 0 for one datagram. Otherwise the kernel cuts the payload into datagrams of so many bytes, of which the
   *   last may be shorter (UDP_SEGMENT, udp(7)).
   */
  message(segment: number): void {
    const index = requireInteger('messages', this.#count, 0, this.shape.messages - 1)
    requireInteger('segment', segment, 0, 65_535)
    const messages = this.#messages
    messages.setNameLength(index, nameBytes((this.names[index * NAME_WORDS] as number) & 0xffff))
    messages.setParts(index, this.#firstPart, this.#parts - this.#firstPart)
    messages.setControlLength(index, segment === 0 ? 0 : CONTROL_BYTES)
    if (segment !== 0) this.#control.setUint16(index * CONTROL_BYTES + cmsghdr.size, segment, true)
    this.#firstPart = this.#parts
    this.#count++
  }

  /**
   * Sends the messages from `first` on, without blocking. Returns how many the kernel took, at least 1, or the negative errno
   * of message `first`.
   */
  transmit(fd: Fd, first: number): number {
    requireInteger('first', first, 0, this.#count - 1)
    const count = this.#count - first
    const sent = libc.sendmmsg(rawFd(fd), this.#messages.at(first, count), count, MSG_DONTWAIT)
    return sent < 0 ? -errno() : sent
  }

  close(): void {
    this.#messages.close()
    this.#controlArena.close()
  }
}

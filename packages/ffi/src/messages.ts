import { Arena, addressIn } from './arena.ts'
import { requireInteger } from './guard.ts'
import { iovec, mmsghdr, msghdr } from './layout.ts'

const WORDS = 4
const mmsghdrWords = mmsghdr.size / WORDS
const iovecWords = iovec.size / WORDS

/** Where a message's header keeps what changes from call to call, in 32-bit words. */
const word = {
  namelen: msghdr.at.namelen / WORDS,
  iov: msghdr.at.iov / WORDS,
  iovlen: msghdr.at.iovlen / WORDS,
  controllen: msghdr.at.controllen / WORDS,
  flags: msghdr.at.flags / WORDS,
  length: mmsghdr.at.len / WORDS,
}

/**
 * The headers of a batch of datagrams: `mmsghdr` and `iovec`. They hold pointers (to names, control data and payload), so they
 * lie in an arena of their own, which nothing outside this package can reach.
 */
export class Messages {
  readonly #arena: Arena
  readonly #words: Uint32Array
  readonly #iovecs: number
  readonly #iovecWord: number

  constructor(messages: number, parts: number) {
    const headerBytes = requireInteger('messages', messages, 1, 1024) * mmsghdr.size
    this.#arena = new Arena(headerBytes + requireInteger('parts', parts, 1, 4096) * iovec.size)
    this.#words = new Uint32Array(this.#arena.buffer)
    this.#iovecs = addressIn(this.#arena, headerBytes, parts * iovec.size)
    this.#iovecWord = headerBytes / WORDS
  }

  /** The address of the headers of `count` messages from `first` on. Throws if closed. */
  at(first: number, count: number): number {
    return addressIn(this.#arena, first * mmsghdr.size, count * mmsghdr.size)
  }

  setName(index: number, address: number): void {
    this.#pointer(index * mmsghdrWords + msghdr.at.name / WORDS, address)
  }

  setNameLength(index: number, bytes: number): void {
    this.#words[index * mmsghdrWords + word.namelen] = bytes
  }

  setControl(index: number, address: number): void {
    this.#pointer(index * mmsghdrWords + msghdr.at.control / WORDS, address)
  }

  setControlLength(index: number, bytes: number): void {
    this.#words[index * mmsghdrWords + word.controllen] = bytes
  }

  /** Sets a message's payload to `count` parts from `first` on. */
  setParts(index: number, first: number, count: number): void {
    const at = index * mmsghdrWords
    this.#pointer(at + word.iov, this.#iovecs + first * iovec.size)
    this.#words[at + word.iovlen] = count
  }

  setPart(part: number, address: number, bytes: number): void {
    const at = this.#iovecWord + part * iovecWords
    this.#pointer(at, address)
    this.#words[at + iovec.at.len / WORDS] = bytes
  }

  /** How many bytes the kernel put into the message, or took from it. */
  length(index: number): number {
    return this.#words[index * mmsghdrWords + word.length] as number
  }

  flags(index: number): number {
    return this.#words[index * mmsghdrWords + word.flags] as number
  }

  close(): void {
    this.#arena.close()
  }

  #pointer(at: number, address: number): void {
    this.#words[at] = address
    this.#words[at + 1] = address / 2 ** 32
  }
}

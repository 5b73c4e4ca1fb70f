import { byteAt, DecodeError, uint16At, uint32At } from '@parley/bytes'
import { headerLength, magicCookie } from '../message/header.ts'
import { channelHeaderLength, channelPadding, isChannelByte } from './channel-data.ts'

/** The largest frame of either protocol: a STUN message with 65,532 bytes after its header. */
export const largestFrame: number = headerLength + 0xfffc

export interface FrameSplitterOptions {
  /**
   * Takes one whole STUN or ChannelData message, from `start` to `end`, which includes any padding. The bytes are valid only
   * until this returns.
   */
  readonly onFrame: (bytes: Uint8Array, start: number, end: number) => void
  /** A frame that claims to be larger ends the stream. Default {@link largestFrame}. */
  readonly maxFrameBytes?: number
}

/**
 * Cuts a TCP or TLS stream into STUN messages (RFC 8489 §6.2.2) and ChannelData messages (RFC 8656 §12.5). A frame that
 * arrives in one piece is passed on without a copy. Otherwise its pieces are kept, never more than one frame.
 *
 * @example
 * const splitter = new FrameSplitter({ onFrame: (bytes, start, end) => server.receive(bytes, start, end) })
 * socket.on('data', chunk => splitter.push(chunk)) // DecodeError: not STUN, close the connection
 */
export class FrameSplitter {
  readonly #onFrame: FrameSplitterOptions['onFrame']
  readonly #maxFrameBytes: number
  #pending = new Uint8Array(0)
  #length = 0
  #closed = false

  constructor({ onFrame, maxFrameBytes = largestFrame }: FrameSplitterOptions) {
    this.#onFrame = onFrame
    this.#maxFrameBytes = maxFrameBytes
  }

  /** How many bytes of an unfinished frame are being kept. */
  get pendingBytes(): number {
    return this.#length
  }

  /**
   * Takes the next bytes of the stream. Returns how many it took: all, unless `onFrame` closed it midway. Throws DecodeError
   * as soon as the bytes cannot be STUN or ChannelData. Such a stream cannot be picked up again, so the splitter closes.
   */
  push(chunk: Uint8Array): number {
    let at = 0
    while (at < chunk.length && !this.#closed) {
      at = this.#length === 0 ? this.#passWholeFrames(chunk, at) : this.#fillPending(chunk, at)
    }
    return at
  }

  /** Drops what is pending and ignores what comes later. May be called from within `onFrame`. */
  close(): void {
    this.#closed = true
    this.#pending = new Uint8Array(0)
    this.#length = 0
  }

  #passWholeFrames(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length && !this.#closed) {
      const length = this.#frameLength(chunk, at, chunk.length)
      if (length === undefined || at + length > chunk.length) return this.#keep(chunk, at, chunk.length)
      at += length
      this.#onFrame(chunk, at - length, at)
    }
    return at
  }

  #fillPending(chunk: Uint8Array, from: number): number {
    for (let at = from; ; ) {
      const length = this.#frameLength(this.#pending, 0, this.#length)
      if (length === this.#length) {
        this.#passPending(length)
        return at
      }
      if (at === chunk.length) return at
      const wanted = length ?? (isChannelByte(byteAt(this.#pending, 0)) ? channelHeaderLength : stunPrefixLength)
      at = this.#keep(chunk, at, Math.min(chunk.length, at + wanted - this.#length))
    }
  }

  #passPending(length: number): void {
    const frame = this.#pending
    this.#length = 0
    // An idle connection should not keep the memory of the largest frame it ever saw.
    if (frame.length > idleBytes) this.#pending = new Uint8Array(0)
    this.#onFrame(frame, 0, length)
  }

  #keep(chunk: Uint8Array, from: number, to: number): number {
    const length = this.#length + to - from
    if (length > this.#pending.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(2 * this.#pending.length, this.#maxFrameBytes)))
      grown.set(this.#pending.subarray(0, this.#length))
      this.#pending = grown
    }
    this.#pending.set(chunk.subarray(from, to), this.#length)
    this.#length = length
    return to
  }

  /** The length of the frame at `at`; undefined if too little of it has arrived to tell. */
  #frameLength(bytes: Uint8Array, at: number, end: number): number | undefined {
    const first = byteAt(bytes, at)
    if (!isChannelByte(first) && first > 3) this.#refuse(`first byte 0x${first.toString(16)}`)
    if (end - at < channelHeaderLength) return undefined
    const claimed = uint16At(bytes, at + 2)
    if (isChannelByte(first)) return this.#bounded(channelHeaderLength + claimed + channelPadding(claimed))
    if (claimed % 4 !== 0) this.#refuse(`a length of ${claimed}`)
    if (end - at < stunPrefixLength) return undefined
    if (uint32At(bytes, at + 4) !== magicCookie) this.#refuse('no magic cookie')
    return this.#bounded(headerLength + claimed)
  }

  #bounded(length: number): number {
    return length <= this.#maxFrameBytes ? length : this.#refuse(`a frame of ${length} bytes`)
  }

  #refuse(problem: string): never {
    this.close()
    throw new DecodeError('stun/stream', problem)
  }
}

const idleBytes = 4096

/** Type, length and cookie: what it takes to recognise a STUN message. */
const stunPrefixLength = 8

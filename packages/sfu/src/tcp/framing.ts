import { byteAt, setUint16At, uint16At, uint32At } from '@parley/bytes'
import { magicCookie } from '@parley/stun'

/** Bytes of length before each frame (RFC 4571 §2). */
const prefixLength = 2
/** How many bytes it takes to tell the protocols apart. */
const tellingBytes = 10

/**
 * What a TCP connection to the STUN port carries, by where the magic cookie is: TURN begins with a bare STUN message (RFC 8656
 * §3.1), ICE with a framed one (RFC 6544 §3). `more` if there are fewer than the ten bytes that it takes to tell.
 */
export function streamKind(bytes: Uint8Array): 'turn' | 'ice' | 'more' | 'neither' {
  if (bytes.length >= 8 && byteAt(bytes, 0) <= 3 && uint32At(bytes, 4) === magicCookie) return 'turn'
  if (bytes.length < tellingBytes) return 'more'
  return byteAt(bytes, prefixLength) <= 3 && uint32At(bytes, 6) === magicCookie ? 'ice' : 'neither'
}

/** Writes a frame's length to `target` at `at`. Returns where the frame itself goes. */
export function putFrameLength(target: Uint8Array, at: number, length: number): number {
  setUint16At(target, at, length)
  return at + prefixLength
}

export interface FrameReaderOptions {
  /** The bytes are valid until this returns. */
  readonly onFrame: (bytes: Uint8Array, start: number, end: number) => void
  /** A longer frame is skipped and reported, as a datagram that is too large would be dropped. */
  readonly maxFrameBytes: number
  readonly onOversized: () => void
}

/**
 * Cuts a TCP stream into frames (RFC 4571 §2). A frame that arrives in one piece is passed on without a copy. Otherwise its pieces
 * are kept, never more than one frame.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions
  /** The two bytes of length, and the frame after them. */
  readonly #pending: Uint8Array
  #length = 0
  /** Bytes of an oversized frame that are still to come. */
  #skip = 0
  #closed = false

  constructor(options: FrameReaderOptions) {
    this.#options = options
    this.#pending = new Uint8Array(prefixLength + options.maxFrameBytes)
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && !this.#closed; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
      } else {
        at = this.#length === 0 ? this.#whole(chunk, at) : this.#rest(chunk, at)
      }
    }
  }

  /** Ignores what comes later. May be called from within `onFrame`. */
  close(): void {
    this.#closed = true
  }

  #whole(chunk: Uint8Array, at: number): number {
    const length = chunk.length - at < prefixLength ? undefined : uint16At(chunk, at)
    if (length === undefined) return this.#keep(chunk, at, chunk.length)
    const start = at + prefixLength
    if (this.#oversized(length)) return start
    if (start + length > chunk.length) return this.#keep(chunk, at, chunk.length)
    if (length > 0) this.#options.onFrame(chunk, start, start + length)
    return start + length
  }

  #rest(chunk: Uint8Array, from: number): number {
    let at = from
    if (this.#length < prefixLength) at = this.#keep(chunk, at, at + prefixLength - this.#length)
    const length = uint16At(this.#pending, 0)
    if (this.#length === prefixLength && this.#oversized(length)) {
      this.#length = 0
      return at
    }
    const end = prefixLength + length
    at = this.#keep(chunk, at, Math.min(chunk.length, at + end - this.#length))
    if (this.#length === end) {
      this.#length = 0
      if (length > 0) this.#options.onFrame(this.#pending, prefixLength, end)
    }
    return at
  }

  #oversized(length: number): boolean {
    if (length <= this.#options.maxFrameBytes) return false
    this.#skip = length
    this.#options.onOversized()
    return true
  }

  #keep(chunk: Uint8Array, from: number, to: number): number {
    this.#pending.set(chunk.subarray(from, to), this.#length)
    this.#length += to - from
    return to
  }
}

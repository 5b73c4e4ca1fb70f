import { fixedHeaderLength, type RtpPacket, rtxHeaderLength } from '@parley/rtp'

/** Packets at hand, a power of two. */
const slots = 2048
const firstCapacity = 1 << 16
const largestPacket = 0xffff

export interface HistoryOptions {
  /** Packets older than this are not given. Default 1,000. */
  readonly maxAgeMs?: number
  /** Bytes of packets, at most; a power of two of at least 65,536. Default 2 MiB. */
  readonly maxBytes?: number
}

/**
 * The last packets of a stream, to be sent again: a ring of bytes, which grows as long as a round takes less than the
 * greatest age. Packets are found by their place in the stream.
 */
export class PacketHistory {
  readonly #maxAgeMs: number
  readonly #maxBytes: number
  #bytes = new Uint8Array(firstCapacity)
  /** Bytes written so far, the unused ends of rounds counted: what lies further back than the ring is long is gone. */
  #written = 0
  #roundBegan = Number.NEGATIVE_INFINITY
  readonly #places = new Float64Array(slots).fill(Number.NaN)
  readonly #starts = new Float64Array(slots)
  readonly #times = new Float64Array(slots)
  readonly #headerLengths = new Uint16Array(slots)
  readonly #lengths = new Uint16Array(slots)
  readonly #timestamps = new Uint32Array(slots)
  readonly #ssrcs = new Uint32Array(slots)
  readonly #sequenceNumbers = new Uint16Array(slots)
  /** With the marker as the highest bit. */
  readonly #payloadTypes = new Uint8Array(slots)

  constructor({ maxAgeMs = 1000, maxBytes = 1 << 21 }: HistoryOptions = {}) {
    this.#maxAgeMs = maxAgeMs
    this.#maxBytes = maxBytes
  }

  /** Bytes of memory for packets. */
  get capacity(): number {
    return this.#bytes.length
  }

  add(place: number, packet: RtpPacket, now: number): void {
    const slot = place & (slots - 1)
    const headerLength = packet.extensionsEnd - packet.start
    const length = headerLength + rtxHeaderLength + packet.payloadEnd - packet.payloadStart
    if ((this.#places[slot] as number) > place || length > largestPacket) return
    let at = this.#written & (this.#bytes.length - 1)
    if (at + length > this.#bytes.length) {
      this.#newRound(now)
      at = this.#written & (this.#bytes.length - 1)
    }
    copyBytes(packet.bytes, packet.start, packet.extensionsEnd, this.#bytes, at)
    copyBytes(packet.bytes, packet.payloadStart, packet.payloadEnd, this.#bytes, at + headerLength + rtxHeaderLength)
    // Padding is not kept.
    this.#bytes[at] = (this.#bytes[at] as number) & 0xdf
    this.#places[slot] = place
    this.#starts[slot] = this.#written
    this.#times[slot] = now
    this.#headerLengths[slot] = headerLength
    this.#lengths[slot] = length
    this.#timestamps[slot] = packet.timestamp
    this.#ssrcs[slot] = packet.ssrc
    this.#sequenceNumbers[slot] = packet.sequenceNumber
    this.#payloadTypes[slot] = (packet.marker ? 0x80 : 0) | packet.payloadType
    this.#written += length
  }

  /**
   * Lays the view over the packet of this place; false if it is not there (any more). Good until the next `add`. In front
   * of the payload there is room for the header of a retransmission (RFC 4588 §4), to be written at will.
   */
  read(place: number, view: RtpPacket, now: number): boolean {
    const slot = place & (slots - 1)
    const start = this.#starts[slot] as number
    if (this.#places[slot] !== place || now - (this.#times[slot] as number) > this.#maxAgeMs) return false
    if (start < 0 || start + this.#bytes.length < this.#written) return false
    const at = start & (this.#bytes.length - 1)
    if (!view.parse(this.#bytes, at, at + (this.#lengths[slot] as number))) return false
    view.payloadStart += rtxHeaderLength
    const payloadType = this.#payloadTypes[slot] as number
    view.payloadType = payloadType & 0x7f
    view.marker = payloadType >= 0x80
    view.sequenceNumber = this.#sequenceNumbers[slot] as number
    view.timestamp = this.#timestamps[slot] as number
    view.ssrc = this.#ssrcs[slot] as number
    return true
  }

  #newRound(now: number): void {
    const { length } = this.#bytes
    this.#written = Math.ceil(this.#written / length) * length
    if (now - this.#roundBegan < this.#maxAgeMs && length < this.#maxBytes) {
      const grown = new Uint8Array(2 * length)
      grown.set(this.#bytes)
      this.#bytes = grown
      // The round that ends becomes the first half of the longer one; what was before it goes below zero, and is gone.
      const shift = this.#written - length
      for (let slot = 0; slot < slots; slot++) this.#starts[slot] = (this.#starts[slot] as number) - shift
      this.#written = length
    } else this.#roundBegan = now
  }
}

/** Copies `start` to `end` to `at`; for few bytes without the view that `set` needs. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 4 * fixedHeaderLength) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at + i - start] = from[i] as number
}

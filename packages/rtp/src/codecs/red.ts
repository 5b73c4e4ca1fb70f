import { byteAt } from '@parley/bytes'

const maxBlocks = 32
const follows = 0x80

/**
 * The blocks of a RED payload (RFC 2198 §3): the oldest redundant block first, the primary encoding last. Reusable; offsets
 * are into the bytes that were parsed.
 *
 * @example
 * if (red.parse(bytes, start, end)) play(red.payloadTypes[red.count - 1], red.offsets[red.count - 1])
 */
export class RedBlocks {
  count = 0
  readonly payloadTypes = new Uint8Array(maxBlocks)
  /** How far the block's timestamp lies before the packet's, in the stream's clock: 14 bits. */
  readonly timestampOffsets = new Uint16Array(maxBlocks)
  readonly offsets = new Uint32Array(maxBlocks)
  readonly lengths = new Uint32Array(maxBlocks)

  /** Returns false if the blocks do not fit into the payload, or are more than 32. */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    let count = 0
    let redundant = 0 // Bytes of the redundant blocks so far.
    for (; at < end && byteAt(bytes, at) & follows; at += 4, count++) {
      if (at + 4 > end || count + 1 >= maxBlocks) return false
      const length = ((byteAt(bytes, at + 2) & 0x03) << 8) | byteAt(bytes, at + 3)
      this.payloadTypes[count] = byteAt(bytes, at) & 0x7f
      this.timestampOffsets[count] = (byteAt(bytes, at + 1) << 6) | (byteAt(bytes, at + 2) >> 2)
      this.offsets[count] = redundant
      this.lengths[count] = length
      redundant += length
    }
    const data = at + 1
    if (data + redundant > end) return false
    this.payloadTypes[count] = byteAt(bytes, at)
    this.timestampOffsets[count] = 0
    this.offsets[count] = redundant
    this.lengths[count] = end - data - redundant
    this.count = count + 1
    for (let i = 0; i < this.count; i++) this.offsets[i] = data + (this.offsets[i] as number)
    return true
  }
}

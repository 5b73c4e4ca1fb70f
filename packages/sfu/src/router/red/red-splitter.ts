import { RedBlocks, type RtpPacket } from '@parley/rtp'

/** As many as any browser sends: nobody gains by more, but one packet would become so many for each subscriber. */
const mostBlocks = 10

/**
 * Takes RED apart (RFC 2198): the view of a packet becomes that of one of its blocks after the other. Blocks are taken to be of the
 * packets just before, as browsers send them. Copies and allocates nothing.
 *
 * @example
 * if (!red.read(packet, 111)) return drop()
 * for (let i = 0; i < red.redundant; i++) if (isMissing(red.numberOf(i))) use(red.showRedundant(i))
 * use(red.showPrimary())
 */
export class RedSplitter {
  /** How many blocks there are before the primary one, the oldest first. */
  redundant = 0
  readonly #blocks = new RedBlocks()
  #packet!: RtpPacket
  #payloadType = 0
  #marker = false
  #sequenceNumber = 0
  #timestamp = 0
  #extensionProfile = 0

  /**
   * @param payloadType Of the blocks; others are left out.
   * @returns False if the packet is broken, or its primary block is none of this payload type. The view is as before in any case.
   */
  read(packet: RtpPacket, payloadType: number): boolean {
    const blocks = this.#blocks
    if (!blocks.parse(packet.bytes, packet.payloadStart, packet.payloadEnd) || blocks.count > mostBlocks) return false
    const primary = blocks.count - 1
    if (blocks.payloadTypes[primary] !== payloadType || blocks.lengths[primary] === 0) return false
    this.redundant = primary
    this.#packet = packet
    this.#payloadType = payloadType
    this.#marker = packet.marker
    this.#sequenceNumber = packet.sequenceNumber
    this.#timestamp = packet.timestamp
    this.#extensionProfile = packet.extensionProfile
    return true
  }

  /** The sequence number of the packet that a redundant block repeats; -1: the block is of no use. */
  numberOf(block: number): number {
    const { payloadTypes, lengths, timestampOffsets } = this.#blocks
    if (payloadTypes[block] !== this.#payloadType || lengths[block] === 0 || timestampOffsets[block] === 0) return -1
    return (this.#sequenceNumber - (this.redundant - block)) & 0xffff
  }

  /** The view is of the packet that this block repeats. It has no header extensions: those were of another packet. */
  showRedundant(block: number): RtpPacket {
    const packet = this.#show(block)
    packet.marker = false
    packet.extensionProfile = 0
    packet.sequenceNumber = this.numberOf(block)
    packet.timestamp = (this.#timestamp - (this.#blocks.timestampOffsets[block] as number)) >>> 0
    return packet
  }

  /** The view is of what this packet was sent for. */
  showPrimary(): RtpPacket {
    const packet = this.#show(this.redundant)
    packet.marker = this.#marker
    packet.extensionProfile = this.#extensionProfile
    packet.sequenceNumber = this.#sequenceNumber
    packet.timestamp = this.#timestamp
    return packet
  }

  #show(block: number): RtpPacket {
    const packet = this.#packet
    packet.payloadType = this.#payloadType
    packet.payloadStart = this.#blocks.offsets[block] as number
    packet.payloadEnd = packet.payloadStart + (this.#blocks.lengths[block] as number)
    return packet
  }
}

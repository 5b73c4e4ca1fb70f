import { RedBlocks, type RtpPacket } from '@parley/rtp'

/**
 * Takes RED apart (RFC 2198) for those who do not take it: the view of a packet becomes that of its primary block, and before
 * that of each redundant block whose packet is missing. Blocks are taken to be of the packets just before, as browsers send
 * them. Copies and allocates nothing.
 */
export class RedSplitter {
  readonly #blocks = new RedBlocks()

  /**
   * @param payloadType Of the blocks; others are left out.
   * @param missing Whether the packet of a sequence number has not come so far.
   * @param recovered Is called with the view of each that was missing, the oldest first; it has no header extensions, since those
   *   were of another packet.
   * @returns Whether the view is of the primary block now; else the packet is broken or of another codec, and the view as before.
   */
  split(
    packet: RtpPacket,
    payloadType: number,
    missing: (sequenceNumber: number) => boolean,
    recovered: (packet: RtpPacket) => void,
  ): boolean {
    const blocks = this.#blocks
    if (!blocks.parse(packet.bytes, packet.payloadStart, packet.payloadEnd)) return false
    const primary = blocks.count - 1
    if (blocks.payloadTypes[primary] !== payloadType || blocks.lengths[primary] === 0) return false
    const { marker, sequenceNumber, timestamp, extensionProfile } = packet
    for (let i = 0; i < primary; i++) {
      const number = (sequenceNumber - (primary - i)) & 0xffff
      const age = blocks.timestampOffsets[i] as number
      if (blocks.payloadTypes[i] !== payloadType || blocks.lengths[i] === 0 || age === 0 || !missing(number)) continue
      this.#show(packet, i)
      packet.marker = false
      packet.extensionProfile = 0
      packet.sequenceNumber = number
      packet.timestamp = (timestamp - age) >>> 0
      recovered(packet)
    }
    this.#show(packet, primary)
    packet.marker = marker
    packet.extensionProfile = extensionProfile
    packet.sequenceNumber = sequenceNumber
    packet.timestamp = timestamp
    return true
  }

  #show(packet: RtpPacket, block: number): void {
    packet.payloadType = this.#blocks.payloadTypes[block] as number
    packet.payloadStart = this.#blocks.offsets[block] as number
    packet.payloadEnd = packet.payloadStart + (this.#blocks.lengths[block] as number)
  }
}

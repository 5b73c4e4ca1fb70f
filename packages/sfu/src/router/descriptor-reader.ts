import { DependencyDescriptor, type RtpPacket } from '@parley/rtp'

/** Reads the dependency descriptors of one stream, whose packets may come late. */
export class DescriptorReader {
  readonly descriptor = new DependencyDescriptor()
  /** Of the header extension. */
  id: number
  /** Of the packet that brought the structure. */
  #structurePlace = Number.NEGATIVE_INFINITY

  constructor(id: number) {
    this.id = id
  }

  /** 1: read; 0: there is none; -1: it cannot be read, as where its structure has not come. */
  read(packet: RtpPacket, place: number): 1 | 0 | -1 {
    const offset = packet.findExtension(this.id)
    if (offset < 0) return 0
    const { descriptor } = this
    const { structure } = descriptor
    const isRead = descriptor.parse(packet.bytes, offset, packet.extensionLength)
    if (descriptor.structure !== structure) {
      // That of an earlier key frame, or the same again, does not take the place of the one that later frames speak of.
      if (place > this.#structurePlace) this.#structurePlace = place
      else descriptor.structure = structure
    }
    return isRead ? 1 : -1
  }
}

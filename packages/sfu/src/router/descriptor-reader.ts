import { DependencyDescriptor, type DependencyStructure, type RtpPacket } from '@parley/rtp'

/** Key frames whose packets may still come. */
const mostKnown = 4

interface Known {
  readonly structure: DependencyStructure
  /** Of the packet that brought it. */
  readonly place: number
}

/** Reads the dependency descriptors of one stream, whose packets may come late: each by the structure of its time. */
export class DescriptorReader {
  /** Of what was read last, with the structure that it refers to. */
  readonly descriptor = new DependencyDescriptor()
  /** Of the header extension. */
  id: number
  /** By place. */
  readonly #known: Known[] = []

  constructor(id: number) {
    this.id = id
  }

  /** The newest; undefined: none came yet. */
  get structure(): DependencyStructure | undefined {
    return this.#known.at(-1)?.structure
  }

  /** 1: read; 0: there is none; -1: it cannot be read, as where its structure has not come. */
  read(packet: RtpPacket, place: number): 1 | 0 | -1 {
    const offset = packet.findExtension(this.id)
    if (offset < 0) return 0
    const { descriptor } = this
    const before = this.#known.findLast(known => known.place <= place)
    descriptor.structure = before?.structure
    const isRead = descriptor.parse(packet.bytes, offset, packet.extensionLength)
    const { structure } = descriptor
    if (structure && structure !== before?.structure) this.#learn({ structure, place })
    return isRead ? 1 : -1
  }

  #learn(known: Known): void {
    const at = this.#known.findIndex(({ place }) => place >= known.place)
    // The same again is not another.
    if (this.#known[at]?.place === known.place) this.descriptor.structure = this.#known[at]?.structure
    else this.#known.splice(at < 0 ? this.#known.length : at, 0, known)
    if (this.#known.length > mostKnown) this.#known.shift()
  }
}

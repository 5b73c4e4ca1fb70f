import { byteAt, setUint16At, setUint32At, uint16At } from '@parley/bytes'
import { fixedHeaderLength, HeaderRewrite, headerExtensions, type RtpPacket, rewriteFrameNumber } from '@parley/rtp'
import type { ExtensionIds } from '../control.ts'

/** Those that say the same to the subscriber as they did to us. What tells of one hop, such as times of sending, does not. */
const passedOn: readonly string[] = [
  headerExtensions.audioLevel,
  headerExtensions.videoOrientation,
  headerExtensions.absCaptureTime,
  headerExtensions.playoutDelay,
  headerExtensions.dependencyDescriptor,
]

/** The longest header that is forwarded: 15 CSRCs and a good kilobyte of extension. */
const longestHeader = 1200
const oneByteProfile = 0xbe
const transportSequenceNumberLength = 2

/**
 * What is the same for all subscribers of a track who call its header extensions the same: everything behind the fixed
 * header but their mid and their transport's sequence number. Put together once a packet, then copied.
 */
export class HeaderLayout {
  readonly #owner: HeaderLayouts
  readonly #rewrite = new HeaderRewrite()
  readonly #midLength: number
  readonly #bytes = new Uint8Array(longestHeader)
  #end = -1
  #midAt = 0
  /** Where the transport-wide sequence number is, and whether there is one. */
  #transportAt = 0
  readonly #numbersTransport: boolean
  /** Where the dependency descriptor is; -1: there is none. */
  #descriptorAt = -1
  #serial = -1

  /** @param midLength 0: the mid is not sent. */
  constructor(owner: HeaderLayouts, from: ExtensionIds, to: ExtensionIds, midLength: number) {
    this.#owner = owner
    this.#midLength = midLength
    for (const uri of passedOn) {
      const source = from[uri]
      const target = to[uri]
      if (source !== undefined && target !== undefined) this.#rewrite.mapExtension(source, target)
    }
    this.#rewrite.watchedId = to[headerExtensions.dependencyDescriptor] ?? 0
    const midId = to[headerExtensions.mid]
    if (midLength > 0 && midId !== undefined) this.#rewrite.setExtension(midId, new Uint8Array(midLength))
    const transportId = to[headerExtensions.transportSequenceNumber]
    this.#numbersTransport = transportId !== undefined
    if (transportId !== undefined)
      this.#rewrite.setExtension(transportId, new Uint8Array(transportSequenceNumberLength))
  }

  /** How long the header of this packet becomes; -1: too long. */
  lengthFor(packet: RtpPacket): number {
    if (this.#serial !== this.#owner.serial) this.#render(packet)
    return this.#end
  }

  /**
   * Writes the header that {@link lengthFor} told of, with one subscriber's numbers and mid; returns where it ends.
   * @param frameShift What to add to the frame number of a dependency descriptor.
   * @param transportSequenceNumber Written if it was agreed.
   */
  write(
    target: Uint8Array,
    at: number,
    second: number,
    sequenceNumber: number,
    timestamp: number,
    ssrc: number,
    mid: Uint8Array,
    frameShift: number,
    transportSequenceNumber: number,
  ): number {
    const bytes = this.#bytes
    const end = this.#end
    target[at] = bytes[0] as number
    target[at + 1] = second
    setUint16At(target, at + 2, sequenceNumber)
    setUint32At(target, at + 4, timestamp)
    setUint32At(target, at + 8, ssrc)
    for (let i = fixedHeaderLength; i < end; i++) target[at + i] = bytes[i] as number
    const midAt = at + this.#midAt
    for (let i = 0; i < this.#midLength; i++) target[midAt + i] = mid[i] as number
    if (this.#numbersTransport) setUint16At(target, at + this.#transportAt, transportSequenceNumber)
    if (frameShift !== 0 && this.#descriptorAt >= 0) {
      const descriptorAt = at + this.#descriptorAt
      rewriteFrameNumber(target, descriptorAt, (uint16At(target, descriptorAt + 1) + frameShift) & 0xffff)
    }
    return at + end
  }

  #render(packet: RtpPacket): void {
    this.#serial = this.#owner.serial
    this.#end = this.#rewrite.write(packet, this.#bytes, 0)
    this.#descriptorAt = this.#rewrite.watchedAt
    // Our own values are the first elements.
    const extension = fixedHeaderLength + 4 * packet.csrcCount
    const headLength = byteAt(this.#bytes, extension) === oneByteProfile ? 1 : 2
    this.#midAt = extension + 4 + headLength
    this.#transportAt = this.#midLength > 0 ? this.#midAt + this.#midLength + headLength : this.#midAt
  }
}

/** The layouts of one track: few, since a server offers the same ids to everybody. */
export class HeaderLayouts {
  /** Goes up with each packet that is forwarded. */
  serial = 0
  #from: ExtensionIds
  readonly #layouts = new Map<string, HeaderLayout>()

  constructor(from: ExtensionIds) {
    this.#from = from
  }

  /** Another packet comes. */
  next(): void {
    this.serial++
  }

  /** The publisher calls its extensions otherwise now; layouts are to be asked for anew. */
  reset(from: ExtensionIds): void {
    this.#from = from
    this.#layouts.clear()
  }

  layout(to: ExtensionIds, midLength: number): HeaderLayout {
    const sent = to[headerExtensions.mid] === undefined ? 0 : midLength
    const key = `${sent} ${[headerExtensions.mid, headerExtensions.transportSequenceNumber, ...passedOn].map(uri => to[uri] ?? 0)}`
    const known = this.#layouts.get(key)
    if (known) return known
    const layout = new HeaderLayout(this, this.#from, to, sent)
    this.#layouts.set(key, layout)
    return layout
  }
}

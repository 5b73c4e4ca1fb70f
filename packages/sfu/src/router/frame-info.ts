import {
  type DependencyDescriptor,
  decodeTargetIndication,
  inspectors,
  LayerInfo,
  PayloadInfo,
  type RtpPacket,
  readVp8Layers,
  readVp9Layers,
} from '@parley/rtp'
import type { DescriptorReader } from './descriptor-reader.ts'

/** What begins with a packet of video: a key frame; nothing or another frame; or that cannot be read. */
export type FrameStart = 'key' | 'other' | 'opaque'

const payload = new PayloadInfo()

/**
 * What a packet of video says of the frame that it belongs to: by its dependency descriptor, which is readable where the payload is
 * encrypted, else by its payload. One object serves all packets of a stream.
 */
export class FrameInfo {
  start: FrameStart = 'other'
  /** It came in order, not late. */
  newest = true
  /** The size of the pictures from here on, where it says; else 0. */
  pixels = 0
  /** It begins, or ends, a frame: of one layer, where a picture has several. */
  begins = false
  ends = false
  spatial = 0
  temporal = 0
  /** Without a descriptor: a receiver may start to receive the frame's temporal layer here. */
  sync = false
  /** No higher layer of the same picture needs this one. */
  ownLayerOnly = false
  /** The descriptor, if this packet has one that can be read. */
  descriptor: DependencyDescriptor | undefined
  /** In its descriptor, also if the rest of that cannot be read; -1: there is none. */
  frameNumber = -1
  /** What the payload's own descriptor says of its numbers; as `LayerInfo.reset` leaves it in codecs without. */
  readonly numbers = new LayerInfo()

  /**
   * Reads a packet.
   * @param descriptors The stream's own; undefined where none were agreed.
   */
  read(packet: RtpPacket, codec: string, descriptors: DescriptorReader | undefined, place: number): this {
    this.#reset()
    const { bytes, payloadStart, payloadEnd } = packet
    const { numbers } = this
    if (codec === 'vp8') readVp8Layers(bytes, payloadStart, payloadEnd, numbers)
    else if (codec === 'vp9') readVp9Layers(bytes, payloadStart, payloadEnd, numbers)
    else numbers.reset()
    const read = descriptors?.read(packet, place) ?? 0
    if (descriptors && read !== 0) this.frameNumber = descriptors.descriptor.frameNumber
    if (descriptors && read > 0) this.#readDescriptor(packet, codec, descriptors.descriptor)
    else if (read === 0) this.#readPayload(packet, codec)
    return this
  }

  #reset(): void {
    this.start = 'other'
    this.pixels = 0
    this.begins = false
    this.ends = false
    this.spatial = 0
    this.temporal = 0
    this.sync = false
    this.ownLayerOnly = false
    this.descriptor = undefined
    this.frameNumber = -1
  }

  #readDescriptor(packet: RtpPacket, codec: string, descriptor: DependencyDescriptor): void {
    this.descriptor = descriptor
    this.begins = descriptor.startOfFrame
    this.ends = descriptor.endOfFrame
    this.spatial = descriptor.spatialId
    this.temporal = descriptor.temporalId
    this.ownLayerOnly = isOwnLayerOnly(descriptor)
    if (!descriptor.structureAttached || !descriptor.startOfFrame) return
    this.start = 'key'
    const largest = descriptor.structure?.resolutions.at(-1)
    if (largest) this.pixels = largest.width * largest.height
    else if (inspect(packet, codec)) this.pixels = payload.width * payload.height
  }

  #readPayload(packet: RtpPacket, codec: string): void {
    if (!inspect(packet, codec)) {
      this.start = 'opaque'
      return
    }
    const { numbers } = this
    this.start = payload.keyFrame && payload.startOfFrame ? 'key' : 'other'
    this.pixels = payload.width * payload.height
    this.begins = payload.startOfFrame
    this.ends = numbers.endOfFrame
    this.spatial = numbers.spatialId
    this.temporal = numbers.temporalId
    this.sync = numbers.layerSync
    this.ownLayerOnly = codec === 'vp9' && numbers.discardable
  }
}

function isOwnLayerOnly({ structure, spatialId, decodeTargetIndications }: DependencyDescriptor): boolean {
  const targets = structure?.decodeTargets ?? []
  for (let i = 0; i < targets.length; i++) {
    const isHigher = (targets[i]?.spatialId ?? 0) > spatialId
    if (isHigher && decodeTargetIndications[i] !== decodeTargetIndication.notPresent) return false
  }
  return true
}

function inspect(packet: RtpPacket, codec: string): boolean {
  return inspectors.get(codec)?.(packet.bytes, packet.payloadStart, packet.payloadEnd, payload) ?? false
}

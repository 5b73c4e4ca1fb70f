import {
  DependencyDescriptor,
  LayerInfo,
  type RtpPacket,
  readVp8Layers,
  readVp9Layers,
  timestampDistance,
} from '@parley/rtp'
import { type LayeredPacket, parameterSets, readLayeredPayload } from './layered-payloads.ts'
import { layeredPayloadTypes } from './layered-publisher.ts'

/** Subscribers call payload types by so much more. */
export const toTheirs = 4

/** What was decoded: of which encoding, in which layers. */
export interface Decoded {
  readonly at: number
  readonly packet: LayeredPacket
}

/**
 * Decodes nothing, but knows what each frame needs. It is given packets in gapless order from a key frame on, and throws where a
 * receiver could not go on: by what packets say of themselves, and by the numbers that libwebrtc's reference finders go by.
 */
export class LayeredDecoder {
  readonly decoded: Decoded[] = []
  readonly #descriptorId: number
  readonly #descriptor = new DependencyDescriptor()
  readonly #numbers = new LayerInfo()
  /** Frames that were decoded, by encoding, generation and number. */
  readonly #frames = new Set<string>()
  /** The same by the numbers of their dependency descriptors. */
  readonly #described = new Set<number>()
  /** Pictures of VP9 by their ids and spatial layers. */
  readonly #pictures = new Set<string>()
  #last: { readonly packet: LayeredPacket; readonly timestamp: number; readonly marker: boolean } | undefined
  #pictureId = -1
  #tl0PicIdx = -1
  #payloadType = -1
  #fillers = 0
  /** Of the parameter sets that came last. */
  #setsAt = -1
  #sets = 0

  constructor(descriptorId: number) {
    this.#descriptorId = descriptorId
  }

  /** A frame begins here that needs no other. */
  begins(packet: RtpPacket): boolean {
    const read = readLayeredPayload(packet.bytes, packet.payloadStart, packet.payloadEnd)
    return (read?.key && read.spatial === 0 && read.index === 0) || isParameterSet(packet)
  }

  /** What comes next does not go on from what was. */
  reset(): void {
    this.#last = undefined
    this.#pictureId = -1
    this.#tl0PicIdx = -1
    this.#fillers = 0
    this.#frames.clear()
    this.#described.clear()
    this.#pictures.clear()
  }

  /** @returns Whether it can go on; else it needs another key frame. */
  take(rtp: RtpPacket, now: number): boolean {
    if (rtp.payloadStart === rtp.payloadEnd) {
      this.#fillers++
      return true
    }
    if (isParameterSet(rtp)) {
      this.#sets = this.#setsAt === rtp.timestamp ? this.#sets + 1 : 1
      this.#setsAt = rtp.timestamp
      return true
    }
    const packet = readLayeredPayload(rtp.bytes, rtp.payloadStart, rtp.payloadEnd)
    if (!packet) throw new Error('a payload that nobody sent')
    this.#checkOrder(packet, rtp)
    for (const needed of packet.needs) {
      if (!this.#frames.has(nameOf(packet, needed))) this.#fail('lacks what it needs', packet)
    }
    // Parameter sets that were lost on their way to the router are nowhere to be had.
    if (this.#lacksSets(packet, rtp)) return false
    this.#checkNumbers(packet, rtp)
    this.#last = { packet, timestamp: rtp.timestamp, marker: rtp.marker }
    this.#fillers = 0
    if (packet.index < packet.count - 1) return true
    this.#frames.add(nameOf(packet, packet.frame))
    this.decoded.push({ at: now, packet })
    return true
  }

  #lacksSets({ key, index }: LayeredPacket, { payloadType, timestamp }: RtpPacket): boolean {
    if (payloadType - toTheirs !== layeredPayloadTypes.h264 || !key || index > 0) return false
    return this.#setsAt !== timestamp || this.#sets !== parameterSets.length
  }

  #checkOrder(packet: LayeredPacket, { timestamp }: RtpPacket): void {
    const last = this.#last
    if (!last) return
    const { packet: before, marker } = last
    // What was left in its midst is not gone on with, for a key frame of something else.
    const isAnew = packet.key && packet.spatial === 0 && packet.index === 0
    const isSameFrame = nameOf(before, before.frame) === nameOf(packet, packet.frame)
    if (isSameFrame ? packet.index !== before.index + 1 : packet.index !== 0) this.#fail('is not the next', packet)
    if (!isAnew && !isSameFrame && before.index !== before.count - 1) this.#fail('follows half a frame', packet)
    const isSamePicture = nameOf(before, before.picture) === nameOf(packet, packet.picture)
    const step = timestampDistance(last.timestamp, timestamp)
    if (isSamePicture ? step !== 0 : step <= 0) this.#fail(`is ${step} later`, packet)
    if (!isAnew && marker === isSamePicture) this.#fail(`comes after ${marker ? 'an' : 'no'} end`, packet)
  }

  #checkNumbers(packet: LayeredPacket, rtp: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd } = rtp
    const numbers = this.#numbers
    const payloadType = rtp.payloadType - toTheirs
    if (payloadType !== this.#payloadType) {
      this.#pictureId = -1
      this.#tl0PicIdx = -1
    }
    this.#payloadType = payloadType
    const begins = packet.index === 0
    const isKey = packet.key && packet.spatial === 0
    const isDescribed = this.#descriptorId > 0
    if (isDescribed) this.#checkDescriptor(packet, rtp)
    if (payloadType === layeredPayloadTypes.vp8) {
      readVp8Layers(bytes, payloadStart, payloadEnd, numbers)
      if (isDescribed || !begins) return
      const step = this.#pictureId < 0 ? 1 : (numbers.pictureId - this.#pictureId) & 0x7fff
      if (step < 1 || step > 1 + this.#fillers) this.#fail(`has picture id ${step} later`, packet)
      this.#pictureId = numbers.pictureId
      this.#checkBase(packet)
    } else if (payloadType === layeredPayloadTypes.vp9) {
      readVp9Layers(bytes, payloadStart, payloadEnd, numbers)
      if (!begins) return
      if (isKey && this.#pictures.has(`${numbers.pictureId}/0`)) this.#fail('has a picture id that was had', packet)
      if (packet.spatial === 0 || numbers.pictureId !== this.#pictureId) this.#checkBase(packet)
      this.#pictureId = numbers.pictureId
      this.#checkReference(packet, rtp)
      this.#pictures.add(`${numbers.pictureId}/${packet.spatial}`)
    }
  }

  /** TL0PICIDX goes up with each base picture, and tells of which base another picture is. */
  #checkBase(packet: LayeredPacket): void {
    const { tl0PicIdx } = this.#numbers
    if (tl0PicIdx >= 0 && this.#tl0PicIdx >= 0) {
      const step = (tl0PicIdx - this.#tl0PicIdx) & 0xff
      if (step !== (packet.temporal === 0 ? 1 : 0)) this.#fail(`has a base ${step} later`, packet)
    }
    this.#tl0PicIdx = tl0PicIdx
  }

  /** What the flexible mode refers to, by picture ids. */
  #checkReference(packet: LayeredPacket, { bytes, payloadStart }: RtpPacket): void {
    const first = bytes[payloadStart] as number
    if ((first & 0x50) !== 0x50) return
    const diff = (bytes[payloadStart + 4] as number) >> 1
    const needed = (this.#numbers.pictureId - diff) & 0x7fff
    if (!this.#pictures.has(`${needed}/${packet.spatial}`)) this.#fail('refers to nothing', packet)
  }

  #checkDescriptor(packet: LayeredPacket, rtp: RtpPacket): void {
    const descriptor = this.#descriptor
    const offset = rtp.findExtension(this.#descriptorId)
    if (offset < 0 || !descriptor.parse(rtp.bytes, offset, rtp.extensionLength)) {
      this.#fail('has no descriptor that can be read', packet)
    }
    const { frameNumber, frameDiffs, frameDiffCount, spatialId, temporalId } = descriptor
    if (spatialId !== packet.spatial || temporalId !== packet.temporal) this.#fail('is described as another', packet)
    if (packet.index === 0 && this.#described.has(frameNumber)) this.#fail('has a number that was had', packet)
    for (const diff of frameDiffs.subarray(0, frameDiffCount)) {
      if (!this.#described.has((frameNumber - diff) & 0xffff)) this.#fail('is said to need what is not there', packet)
    }
    if (packet.index === packet.count - 1) this.#described.add(frameNumber)
  }

  #fail(why: string, packet: LayeredPacket): never {
    throw new Error(`${JSON.stringify(packet)} ${why}: last was ${JSON.stringify(this.#last)}`)
  }
}

function nameOf({ encoding, generation }: LayeredPacket, number: number): string {
  return `${encoding}/${generation}/${number}`
}

function isParameterSet({ bytes, payloadStart, payloadEnd }: RtpPacket): boolean {
  return (
    payloadEnd - payloadStart === 4 &&
    parameterSets.some(set => set.every((byte, i) => bytes[payloadStart + i] === byte))
  )
}

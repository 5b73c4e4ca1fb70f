import { type DependencyDescriptor, type DependencyStructure, decodeTargetIndication } from '@parley/rtp'
import type { FrameInfo } from './frame-info.ts'
import { RecentNumbers } from './recent-numbers.ts'

/** No layer is higher. */
export const highestLayer = 7

const noTarget = -1
/** So many frames of a wanted temporal layer are held back for want of one that says that it may begin; then only a key frame helps. */
const mostHeldBack = 100
/** Changes that late packets are judged by. */
const remembered = 8

/** What passed until a change. */
interface Level {
  readonly untilPlace: number
  readonly spatial: number
  readonly temporal: number
  readonly target: number
}

/**
 * Which frames of one stream go to one subscriber, by their layers. Goes up where a decoder can follow, and down at once where what is
 * left can still be decoded; for what needs a key frame it waits, and sends the lowest temporal layer alone if that is to be less.
 */
export class LayerGate {
  #spatial = highestLayer
  #temporal = highestLayer
  #wantedSpatial = highestLayer
  #wantedTemporal = highestLayer
  /** Lower layers of later pictures were left out, since nothing that is sent needs them. */
  #lacksLower = false
  /** Frames of the next temporal layer that were left out since it is wanted. */
  #heldBack = 0
  /** Of the dependency descriptor; both undefined and -1 without one. */
  #structure: DependencyStructure | undefined
  /** Of the packet that brought it, or of the first that spoke of it. */
  #structurePlace = Number.NEGATIVE_INFINITY
  #target = noTarget
  #wantedTarget = noTarget
  #active = -1
  /** The frames that passed; kept where frames say which others they need. */
  #sent: RecentNumbers | undefined
  /** The oldest first. */
  #before: Level[] = []

  /** Lets pass at most these layers from now on, or as soon as that is possible. */
  want(spatial: number, temporal: number): void {
    this.#wantedSpatial = spatial
    this.#wantedTemporal = temporal
    this.#wantTarget()
  }

  /** What follows begins with a key frame, or is taken as if it did. */
  begin(): void {
    this.#spatial = this.#wantedSpatial
    this.#temporal = this.#wantedTemporal
    this.#lacksLower = false
    this.#heldBack = 0
    this.#structure = undefined
    this.#structurePlace = Number.NEGATIVE_INFINITY
    this.#target = noTarget
    this.#wantedTarget = noTarget
    this.#active = -1
    this.#sent = undefined
    this.#before = []
  }

  /** What is wanted cannot be had without a key frame. */
  get needsKeyFrame(): boolean {
    if (this.#structure) {
      if (this.#target === noTarget || this.#target === this.#wantedTarget) return false
      const spatial = this.#spatialOf(this.#target)
      const wanted = this.#spatialOf(this.#wantedTarget)
      return wanted > spatial || this.#waitsToGoDown
    }
    return this.#wantedSpatial > this.#spatial || this.#waitsToGoDown || this.#heldBack > mostHeldBack
  }

  /** Whether the packet of this place goes to the subscriber. Give it all packets of the stream. */
  passes(frame: FrameInfo, place: number): boolean {
    if (frame.descriptor) return this.#passesBy(frame, frame.descriptor, place)
    const isNew = frame.newest && frame.begins
    if (isNew) this.#adapt(frame, place)
    const { spatial, temporal } = frame.newest ? { spatial: this.#spatial, temporal: this.#temporal } : this.#at(place)
    if (frame.temporal > temporal) {
      if (isNew && frame.spatial === 0 && frame.temporal <= this.#wantedTemporal) this.#heldBack++
      return false
    }
    if (frame.spatial > spatial) return false
    if (frame.spatial < spatial && frame.ownLayerOnly && spatial < highestLayer) {
      if (frame.newest) this.#lacksLower = true
      return false
    }
    return true
  }

  /** Whether the packet that passes is the last of its picture, since what is higher does not pass. */
  isLast({ ends, spatial, newest }: FrameInfo, place: number): boolean {
    if (!ends) return false
    const level = newest ? { spatial: this.#spatial, target: this.#target } : this.#at(place)
    if (!this.#structure) return spatial === level.spatial
    return level.target !== noTarget && spatial === this.#spatialOf(level.target)
  }

  #adapt(frame: FrameInfo, place: number): void {
    if (frame.start === 'key') {
      this.#change(this.#wantedSpatial, this.#wantedTemporal, this.#target, place)
      this.#lacksLower = false
      this.#heldBack = 0
      return
    }
    let spatial = this.#spatial
    let temporal = this.#temporal
    const wantedTemporal = this.#waitsToGoDown ? 0 : this.#wantedTemporal
    if (frame.spatial === 0) {
      if (wantedTemporal < temporal) temporal = wantedTemporal
      if (this.#wantedSpatial < spatial && !this.#lacksLower) spatial = this.#wantedSpatial
    }
    // One at a time, since that a layer begins says nothing of those between; and all of a picture, or nothing.
    if (frame.spatial === 0 && frame.sync && frame.temporal === temporal + 1 && frame.temporal <= wantedTemporal) {
      temporal = frame.temporal
      this.#heldBack = 0
    }
    this.#change(spatial, temporal, this.#target, place)
  }

  #passesBy(frame: FrameInfo, descriptor: DependencyDescriptor, place: number): boolean {
    const { structure, decodeTargetIndications, activeDecodeTargets } = descriptor
    if (structure !== this.#structure && place >= this.#structurePlace) {
      this.#structure = structure
      this.#structurePlace = place
      this.#active = activeDecodeTargets
      this.#wantTarget()
      // Of a key picture whose beginning comes late, the rest has gone out unread: then all of it does.
      this.#change(this.#spatial, this.#temporal, frame.newest ? this.#wantedTarget : noTarget, place)
    } else if (frame.newest && activeDecodeTargets >= 0 && activeDecodeTargets !== this.#active) {
      this.#active = activeDecodeTargets
      this.#wantTarget()
    }
    this.#sent ??= new RecentNumbers()
    if (this.#target !== this.#wantedTarget && frame.newest && frame.begins) this.#retarget(frame, descriptor, place)
    const target = frame.newest ? this.#target : this.#at(place).target
    const passes = target < 0 || decodeTargetIndications[target] !== decodeTargetIndication.notPresent
    if (passes) this.#sent.add(descriptor.frameNumber)
    return passes
  }

  #retarget(frame: FrameInfo, descriptor: DependencyDescriptor, place: number): void {
    const wanted = this.#waitsToGoDown && !descriptor.structureAttached ? this.#leastOfCurrent() : this.#wantedTarget
    // "Switch" promises that all later frames can be decoded if this one can (AV1 RTP §A.4): which needs what it refers to.
    const isBeginning =
      descriptor.decodeTargetIndications[wanted] === decodeTargetIndication.switch && this.#passedAllFor(descriptor)
    const leavesOut = frame.spatial === 0 && this.#isPart(wanted)
    if (descriptor.structureAttached || isBeginning || leavesOut) {
      this.#change(this.#spatial, this.#temporal, wanted, place)
    }
  }

  /** Whether everything that a frame needs has passed. */
  #passedAllFor({ frameNumber, frameDiffs, frameDiffCount }: DependencyDescriptor): boolean {
    for (let i = 0; i < frameDiffCount; i++) {
      if (!this.#sent?.has((frameNumber - (frameDiffs[i] as number)) & 0xffff)) return false
    }
    return true
  }

  /** From this place on, something else passes. */
  #change(spatial: number, temporal: number, target: number, place: number): void {
    if (spatial === this.#spatial && temporal === this.#temporal && target === this.#target) return
    this.#before.push({
      untilPlace: place,
      spatial: this.#spatial,
      temporal: this.#temporal,
      target: this.#target,
    })
    if (this.#before.length > remembered) this.#before.shift()
    this.#spatial = spatial
    this.#temporal = temporal
    this.#target = target
  }

  /** What passed at an earlier place: what is missing of a picture goes the way of the rest of it. */
  #at(place: number): Omit<Level, 'untilPlace'> {
    const level = this.#before.find(({ untilPlace }) => place < untilPlace)
    return level ?? { spatial: this.#spatial, temporal: this.#temporal, target: this.#target }
  }

  /** Less is wanted, and cannot be decoded from what was sent. */
  get #waitsToGoDown(): boolean {
    if (!this.#structure) return this.#wantedSpatial < this.#spatial && this.#lacksLower
    return this.#spatialOf(this.#wantedTarget) < this.#spatialOf(this.#target) && !this.#isPart(this.#wantedTarget)
  }

  #spatialOf(target: number): number {
    return this.#structure?.decodeTargets[target]?.spatialId ?? 0
  }

  #rank(target: number): number {
    const { spatialId = 0, temporalId = 0 } = this.#structure?.decodeTargets[target] ?? {}
    return spatialId * (highestLayer + 1) + temporalId
  }

  /** Finds the best target that is sent and is not above what is wanted; if there is none, the lowest. */
  #wantTarget(): void {
    let best = noTarget
    let least = noTarget
    for (const [index, { spatialId, temporalId }] of (this.#structure?.decodeTargets ?? []).entries()) {
      if (this.#active >= 0 && (this.#active & (1 << index)) === 0) continue
      if (least === noTarget || this.#rank(index) < this.#rank(least)) least = index
      if (spatialId > this.#wantedSpatial || temporalId > this.#wantedTemporal) continue
      if (best === noTarget || this.#rank(index) > this.#rank(best)) best = index
    }
    this.#wantedTarget = best === noTarget ? least : best
  }

  /** The target of the fewest pictures in the size that is sent. */
  #leastOfCurrent(): number {
    let least = this.#target
    for (const [index, { spatialId }] of (this.#structure?.decodeTargets ?? []).entries()) {
      const isOfSize = spatialId === this.#spatialOf(this.#target)
      if (isOfSize && this.#rank(index) < this.#rank(least) && this.#isPart(index)) least = index
    }
    return least
  }

  /** Whether all frames of this target are also of the one that is sent. */
  #isPart(target: number): boolean {
    const { notPresent } = decodeTargetIndication
    for (const { decodeTargetIndications: indications } of this.#structure?.templates ?? []) {
      if (indications[target] !== notPresent && indications[this.#target] === notPresent) return false
    }
    return true
  }
}

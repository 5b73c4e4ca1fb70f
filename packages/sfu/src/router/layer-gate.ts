import { type DependencyDescriptor, type DependencyStructure, decodeTargetIndication } from '@parley/rtp'
import type { FrameInfo } from './frame-info.ts'

/** No layer is higher. */
export const highestLayer = 7

const noTarget = -1

/**
 * Which frames of one stream go to one subscriber, by their layers. Goes up where a decoder can follow, and down at once where what is
 * left can still be decoded; for what needs a key frame it waits.
 */
export class LayerGate {
  #spatial = highestLayer
  #temporal = highestLayer
  #wantedSpatial = highestLayer
  #wantedTemporal = highestLayer
  /** Lower layers of later pictures were left out, since nothing that is sent needs them. */
  #lacksLower = false
  /** Of the dependency descriptor; both undefined and -1 without one. */
  #structure: DependencyStructure | undefined
  #target = noTarget
  #wantedTarget = noTarget
  #active = -1

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
    this.#structure = undefined
    this.#target = noTarget
    this.#wantedTarget = noTarget
    this.#active = -1
  }

  /** What is wanted cannot be had without a key frame. */
  get needsKeyFrame(): boolean {
    const { decodeTargets } = this.#structure ?? {}
    if (decodeTargets) {
      const now = decodeTargets[this.#target]?.spatialId ?? 0
      const wanted = decodeTargets[this.#wantedTarget]?.spatialId ?? 0
      return wanted > now || (wanted < now && !this.#isPart(this.#wantedTarget))
    }
    return this.#wantedSpatial > this.#spatial || (this.#wantedSpatial < this.#spatial && this.#lacksLower)
  }

  /** Whether the packet goes to the subscriber. Give it all packets of the stream. */
  passes(frame: FrameInfo): boolean {
    if (frame.descriptor) return this.#passesBy(frame, frame.descriptor)
    if (frame.newest && frame.begins) this.#adapt(frame)
    if (frame.temporal > this.#temporal || frame.spatial > this.#spatial) return false
    if (frame.spatial < this.#spatial && frame.ownLayerOnly && this.#spatial < highestLayer) {
      this.#lacksLower = true
      return false
    }
    return true
  }

  /** Whether the packet that passes is the last of its picture, since what is higher does not pass. */
  isLast({ ends, spatial }: FrameInfo): boolean {
    return ends && spatial === (this.#structure?.decodeTargets[this.#target]?.spatialId ?? this.#spatial)
  }

  #adapt(frame: FrameInfo): void {
    if (frame.start === 'key') {
      this.#spatial = this.#wantedSpatial
      this.#temporal = this.#wantedTemporal
      this.#lacksLower = false
      return
    }
    if (frame.spatial === 0) {
      if (this.#wantedTemporal < this.#temporal) this.#temporal = this.#wantedTemporal
      if (this.#wantedSpatial < this.#spatial && !this.#lacksLower) this.#spatial = this.#wantedSpatial
    }
    const isNext = frame.temporal > this.#temporal && frame.temporal <= this.#wantedTemporal
    if (isNext && frame.sync) this.#temporal = frame.temporal
  }

  #passesBy(frame: FrameInfo, descriptor: DependencyDescriptor): boolean {
    const { structure, decodeTargetIndications } = descriptor
    if (structure !== this.#structure) {
      this.#structure = structure
      this.#active = descriptor.activeDecodeTargets
      this.#wantTarget()
      this.#target = this.#wantedTarget
    } else if (descriptor.activeDecodeTargets >= 0 && descriptor.activeDecodeTargets !== this.#active) {
      this.#active = descriptor.activeDecodeTargets
      this.#wantTarget()
    }
    if (this.#target !== this.#wantedTarget && frame.newest && frame.begins) {
      const isBeginning = decodeTargetIndications[this.#wantedTarget] === decodeTargetIndication.switch
      const leavesOut = frame.spatial === 0 && this.#isPart(this.#wantedTarget)
      if (descriptor.structureAttached || isBeginning || leavesOut) this.#target = this.#wantedTarget
    }
    return this.#target < 0 || decodeTargetIndications[this.#target] !== decodeTargetIndication.notPresent
  }

  /** Finds the best target that is sent and is not above what is wanted; if there is none, the lowest. */
  #wantTarget(): void {
    const targets = this.#structure?.decodeTargets ?? []
    let best = noTarget
    let least = noTarget
    for (const [index, { spatialId, temporalId }] of targets.entries()) {
      if (this.#active >= 0 && (this.#active & (1 << index)) === 0) continue
      const rank = (at: number) => (targets[at]?.spatialId ?? 0) * (highestLayer + 1) + (targets[at]?.temporalId ?? 0)
      if (least === noTarget || rank(index) < rank(least)) least = index
      if (spatialId > this.#wantedSpatial || temporalId > this.#wantedTemporal) continue
      if (best === noTarget || rank(index) > rank(best)) best = index
    }
    this.#wantedTarget = best === noTarget ? least : best
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

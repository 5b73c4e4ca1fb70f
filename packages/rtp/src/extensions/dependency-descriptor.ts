import { setUint16At } from '@parley/bytes'
import { BitReader } from '../bit-reader.ts'
import { type DependencyStructure, maxDecodeTargets, readDependencyStructure } from './dependency-structure.ts'

const mandatoryLength = 3
const maxLength = 255
/** Each frame named takes five bits at least. */
const maxFrameDiffs = (maxLength * 8) / 5

/**
 * The dependency descriptor of a stream (AV1 RTP specification, appendix A): of any codec, and readable where the payload
 * is encrypted. One for each stream that is received, in the order of arrival, because a packet refers to the structure that
 * came with the last key frame. Allocates only where a packet brings a structure.
 */
export class DependencyDescriptor {
  /** The last structure that came. */
  structure: DependencyStructure | undefined
  startOfFrame = false
  endOfFrame = false
  templateId = 0
  /** 16 bits. */
  frameNumber = 0
  /** This packet brings a structure: it begins a key frame. */
  structureAttached = false
  /** Which decode targets are being sent, the first in the lowest bit; -1 if this packet does not say. */
  activeDecodeTargets = -1
  spatialId = 0
  temporalId = 0
  /** For each decode target of the structure. */
  readonly decodeTargetIndications = new Uint8Array(maxDecodeTargets)
  /** How many frames back those are that this one needs; `frameDiffCount` of them count. */
  readonly frameDiffs = new Uint16Array(maxFrameDiffs)
  frameDiffCount = 0
  /** For each chain of the structure. */
  readonly chainDiffs = new Uint8Array(maxDecodeTargets)
  readonly #reader = new BitReader()

  /**
   * Reads the element's value. False if it is malformed, or if the structure that it refers to has not come: of this packet
   * then only what stands before `structureAttached` is true.
   */
  parse(bytes: Uint8Array, offset: number, length: number): boolean {
    if (offset < 0 || length < mandatoryLength || length > maxLength) return false
    const reader = this.#reader.target(bytes, offset, offset + length)
    this.startOfFrame = reader.flag()
    this.endOfFrame = reader.flag()
    this.templateId = reader.bits(6)
    this.frameNumber = reader.bits(16)
    // Without extended fields all of their flags are 0.
    const flags = length > mandatoryLength ? reader.bits(5) : 0
    this.structureAttached = false
    this.activeDecodeTargets = -1
    if (flags & 0x10) {
      const structure = readDependencyStructure(reader)
      if (!structure) return false
      this.structure = structure
      this.structureAttached = true
      this.activeDecodeTargets = 2 ** structure.decodeTargets.length - 1
    }
    return this.structure !== undefined && this.#readFrame(this.structure, flags)
  }

  #readFrame(structure: DependencyStructure, flags: number): boolean {
    const reader = this.#reader
    const { decodeTargets, templateIdOffset, templates, chainCount } = structure
    const template = templates[(this.templateId - templateIdOffset) & 0x3f]
    if (flags & 0x08) this.activeDecodeTargets = reader.bits(decodeTargets.length)
    if (!template) return false
    this.spatialId = template.spatialId
    this.temporalId = template.temporalId
    if (flags & 0x04) this.#readEach(this.decodeTargetIndications, decodeTargets.length, 2)
    else this.decodeTargetIndications.set(template.decodeTargetIndications)
    if (flags & 0x02) this.#readFrameDiffs()
    else {
      this.frameDiffs.set(template.frameDiffs)
      this.frameDiffCount = template.frameDiffs.length
    }
    if (flags & 0x01) this.#readEach(this.chainDiffs, chainCount, 8)
    else this.chainDiffs.set(template.chainDiffs)
    return !reader.overrun
  }

  #readEach(values: Uint8Array, count: number, bits: number): void {
    for (let i = 0; i < count; i++) values[i] = this.#reader.bits(bits)
  }

  #readFrameDiffs(): void {
    const reader = this.#reader
    this.frameDiffCount = 0
    for (let size = reader.bits(2); size !== 0; size = reader.bits(2)) {
      this.frameDiffs[this.frameDiffCount++] = reader.bits(4 * size) + 1
    }
  }
}

/**
 * Writes another frame number into a descriptor, in place: so that numbers go on where a receiver is switched to another
 * stream, or frames are left out. `offset` is where the element's value begins.
 */
export function rewriteFrameNumber(bytes: Uint8Array, offset: number, frameNumber: number): void {
  setUint16At(bytes, offset + 1, frameNumber)
}

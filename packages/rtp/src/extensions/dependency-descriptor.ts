import { setUint16At } from '@parley/bytes'
import { BitReader } from '../bit-reader.ts'
import { type DependencyStructure, maxDecodeTargets, readDependencyStructure } from './dependency-structure.ts'

const mandatoryLength = 3
const maxLength = 255
/** Naming a frame takes at least five bits. */
const maxFrameDiffs = (maxLength * 8) / 5

/**
 * The dependency descriptor of a stream (AV1 RTP specification, appendix A), which says what each frame depends on. It works
 * for any codec, and where the payload is encrypted. Keep one for each received stream and give it the packets in order of
 * arrival, because a packet refers to the structure that came with the last key frame. Allocates only for packets that
 * bring a structure.
 */
export class DependencyDescriptor {
  /** The structure that came last. */
  structure: DependencyStructure | undefined
  startOfFrame = false
  endOfFrame = false
  templateId = 0
  /** 16 bits. */
  frameNumber = 0
  /** This packet brings a structure, so it begins a key frame. */
  structureAttached = false
  /** Which decode targets are being sent, as a bit mask with the first in the lowest bit; -1 if this packet does not say. */
  activeDecodeTargets = -1
  spatialId = 0
  temporalId = 0
  /** A `decodeTargetIndication` for each decode target of the structure. */
  readonly decodeTargetIndications = new Uint8Array(maxDecodeTargets)
  /** How many frames back each frame lies that this one needs; only the first `frameDiffCount` count. */
  readonly frameDiffs = new Uint16Array(maxFrameDiffs)
  frameDiffCount = 0
  /** For each chain of the structure, how many frames back its previous frame lies. */
  readonly chainDiffs = new Uint8Array(maxDecodeTargets)
  readonly #reader = new BitReader()

  /**
   * Reads the element's value, `length` bytes from `offset`. Returns false if it is malformed, or if the structure that it
   * refers to has not arrived; then only the fields above `structureAttached` are valid for this packet.
   */
  parse(bytes: Uint8Array, offset: number, length: number): boolean {
    if (offset < 0 || length < mandatoryLength || length > maxLength) return false
    const reader = this.#reader.target(bytes, offset, offset + length)
    this.startOfFrame = reader.flag()
    this.endOfFrame = reader.flag()
    this.templateId = reader.bits(6)
    this.frameNumber = reader.bits(16)
    // A descriptor of three bytes has no extended fields, which is as if all their flags were 0.
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
 * Overwrites the frame number of a descriptor, whose value begins at `offset`: so that a receiver sees the numbers go on when
 * it is switched to another stream, or when frames are left out.
 */
export function rewriteFrameNumber(bytes: Uint8Array, offset: number, frameNumber: number): void {
  setUint16At(bytes, offset + 1, frameNumber)
}

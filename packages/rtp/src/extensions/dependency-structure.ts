import type { BitReader } from '../bit-reader.ts'

/** What one decode target can do with a frame (AV1 RTP §A.8.3.3). */
export const decodeTargetIndication = { notPresent: 0, discardable: 1, switch: 2, required: 3 } as const

/** What frames of one kind depend on. */
interface FrameDependencyTemplate {
  readonly spatialId: number
  readonly temporalId: number
  /** One {@link decodeTargetIndication} for each decode target. */
  readonly decodeTargetIndications: Uint8Array
  /** How many frames back each frame lies that this one needs. */
  readonly frameDiffs: Uint16Array
  /** For each chain, how many frames back its previous frame lies. */
  readonly chainDiffs: Uint8Array
}

/** A set of layers that can be decoded together: everything up to this spatial and this temporal layer. */
interface DecodeTarget {
  readonly spatialId: number
  readonly temporalId: number
  /** The chain whose frames must all arrive; -1 where there are no chains. */
  readonly chain: number
}

/** The layers of a stream, sent with key frames (AV1 RTP §A.8.3.1). */
export interface DependencyStructure {
  readonly templateIdOffset: number
  readonly templates: readonly FrameDependencyTemplate[]
  readonly decodeTargets: readonly DecodeTarget[]
  readonly chainCount: number
  /** In pixels, by spatial id; empty if the structure does not say. */
  readonly resolutions: readonly { readonly width: number; readonly height: number }[]
}

/** The largest numbers that the fields can hold. */
export const maxDecodeTargets = 32
const maxTemplates = 64
const maxSpatialId = 3
const maxTemporalId = 7
const nextLayer = { temporal: 1, spatial: 2, none: 3 } as const

/** Reads a structure; undefined if it is malformed. */
export function readDependencyStructure(reader: BitReader): DependencyStructure | undefined {
  const templateIdOffset = reader.bits(6)
  const targetCount = reader.bits(5) + 1
  const layers = readLayers(reader)
  if (!layers) return undefined
  const indications = layers.map(() => readEach(reader, targetCount, 2))
  const frameDiffs = layers.map(() => readFrameDiffs(reader))
  const chainCount = reader.nonSymmetric(targetCount + 1)
  const chains = Array.from({ length: targetCount }, () => (chainCount ? reader.nonSymmetric(chainCount) : -1))
  const chainDiffs = layers.map(() => readEach(reader, chainCount, 4))
  const lastSpatialId = layers.at(-1)?.spatialId ?? 0
  const resolutions = reader.flag()
    ? Array.from({ length: lastSpatialId + 1 }, () => ({ width: reader.bits(16) + 1, height: reader.bits(16) + 1 }))
    : []
  if (reader.overrun) return undefined
  const templates = layers.map((layer, i) => ({
    ...layer,
    decodeTargetIndications: indications[i] as Uint8Array,
    frameDiffs: frameDiffs[i] as Uint16Array,
    chainDiffs: chainDiffs[i] as Uint8Array,
  }))
  const decodeTargets = chains.map((chain, target) => ({ ...highestLayers(templates, target), chain }))
  return { templateIdOffset, templates, decodeTargets, chainCount, resolutions }
}

interface Layer {
  readonly spatialId: number
  readonly temporalId: number
}

function readLayers(reader: BitReader): Layer[] | undefined {
  const layers: Layer[] = []
  let spatialId = 0
  let temporalId = 0
  for (;;) {
    layers.push({ spatialId, temporalId })
    const next = reader.bits(2)
    if (reader.overrun) return undefined
    if (next === nextLayer.none) return layers
    if (next === nextLayer.temporal) temporalId++
    if (next === nextLayer.spatial) {
      temporalId = 0
      spatialId++
    }
    if (layers.length === maxTemplates || spatialId > maxSpatialId || temporalId > maxTemporalId) return undefined
  }
}

function readEach(reader: BitReader, count: number, bits: number): Uint8Array {
  const values = new Uint8Array(count)
  for (let i = 0; i < count; i++) values[i] = reader.bits(bits)
  return values
}

function readFrameDiffs(reader: BitReader): Uint16Array {
  const diffs: number[] = []
  while (reader.flag()) diffs.push(reader.bits(4) + 1)
  return Uint16Array.from(diffs)
}

function highestLayers(templates: readonly FrameDependencyTemplate[], target: number): Layer {
  let spatialId = 0
  let temporalId = 0
  for (const template of templates) {
    if (template.decodeTargetIndications[target] === decodeTargetIndication.notPresent) continue
    spatialId = Math.max(spatialId, template.spatialId)
    temporalId = Math.max(temporalId, template.temporalId)
  }
  return { spatialId, temporalId }
}

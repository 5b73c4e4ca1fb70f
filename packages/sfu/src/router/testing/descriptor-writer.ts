import type { LayeredEncoderOptions, LayeredFrame } from './layered-encoder.ts'
import { LayeredEncoder } from './layered-encoder.ts'

const indication = { notPresent: 0, discardable: 1, switch: 2, required: 3 } as const

interface Template {
  /** Two of the same are the same. */
  readonly name: string
  readonly spatial: number
  readonly temporal: number
  readonly indications: readonly number[]
  readonly frameDiffs: readonly number[]
  readonly chainDiffs: readonly number[]
}

/**
 * Writes dependency descriptors (AV1 RTP specification, appendix A) as libwebrtc does: a decode target for each pair of layers, a chain
 * for each spatial layer, and what a frame has in common with those of its kind as templates. Give it all frames, in order.
 */
export class DescriptorWriter {
  readonly #options: LayeredEncoderOptions
  readonly #resolutions: readonly (readonly [number, number])[]
  readonly #templates: readonly Template[]
  readonly #structure: string
  /** The last frame of each chain. */
  #chains: number[] = []
  #templateIdOffset = 0
  #active = 0

  /** @param resolutions Of each spatial layer. */
  constructor(options: LayeredEncoderOptions, resolutions: readonly (readonly [number, number])[]) {
    this.#options = options
    this.#resolutions = resolutions
    this.#templates = this.#findTemplates()
    this.#structure = this.#writeStructure()
  }

  /** The descriptors of a picture's frames; `write` of each makes that of one of its packets. */
  picture(frames: readonly LayeredFrame[]): { write: (first: boolean, last: boolean) => Uint8Array }[] {
    const active = (1 << (frames.length * this.#options.temporalLayers)) - 1
    return frames.map(frame => {
      const template = this.#describe(frame)
      const opens = frame.key && frame.spatial === 0
      if (opens) this.#templateIdOffset = (this.#templateIdOffset + this.#templates.length) & 0x3f
      const changes = opens || active !== this.#active
      if (frame.isLast) this.#active = active
      const offset = this.#templateIdOffset
      return { write: (first, last) => this.#write(frame, template, offset, changes ? active : -1, first, last) }
    })
  }

  /** Runs an encoder of its own for two rounds, and takes what it sees. */
  #findTemplates(): Template[] {
    const encoder = new LayeredEncoder(this.#options)
    const found: Template[] = []
    for (let picture = 0; picture < 9; picture++) {
      for (const frame of encoder.next(false)) {
        const template = this.#describe(frame)
        if (!found.some(({ name }) => name === template.name)) found.push(template)
      }
    }
    this.#chains = []
    return found.toSorted((one, other) => one.spatial - other.spatial || one.temporal - other.temporal)
  }

  #describe(frame: LayeredFrame): Template {
    const { number, spatial, temporal, key, needs } = frame
    const { spatialLayers, temporalLayers, keyOnly } = this.#options
    const targets = Array.from({ length: spatialLayers * temporalLayers }, (_, target) => target)
    const indications = targets.map(target =>
      indicationOf(frame, Math.floor(target / temporalLayers), target % temporalLayers, keyOnly),
    )
    const isFirstOfAll = key && spatial === 0
    const chainDiffs = Array.from({ length: spatialLayers }, (_, chain) =>
      isFirstOfAll ? 0 : number - (this.#chains[chain] ?? number),
    )
    if (temporal === 0) {
      const isOfChain = (chain: number) => chain === spatial || (chain > spatial && (key || !keyOnly))
      for (let chain = 0; chain < spatialLayers; chain++) if (isOfChain(chain)) this.#chains[chain] = number
    }
    const frameDiffs = needs.map(needed => number - needed)
    const name = [spatial, temporal, ...indications, '', ...frameDiffs, '', ...chainDiffs].join()
    return { name, spatial, temporal, indications, frameDiffs, chainDiffs }
  }

  #write(
    frame: LayeredFrame,
    template: Template,
    offset: number,
    active: number,
    first: boolean,
    last: boolean,
  ): Uint8Array {
    const bits = new BitWriter()
    const same = this.#templates.findIndex(({ name }) => name === template.name)
    const near = this.#templates.findIndex(
      one => one.spatial === template.spatial && one.temporal === template.temporal,
    )
    const index = same >= 0 ? same : near
    bits.add(first ? 1 : 0, 1).add(last ? 1 : 0, 1)
    bits.add((offset + index) & 0x3f, 6).add(frame.number & 0xffff, 16)
    const attaches = first && frame.key && frame.spatial === 0
    const isOther = same < 0 ? 1 : 0
    if (!attaches && active < 0 && !isOther) return bits.bytes()
    bits.add(attaches ? 1 : 0, 1).add(active >= 0 ? 1 : 0, 1)
    bits.add(isOther, 1).add(isOther, 1).add(isOther, 1)
    if (attaches) bits.add(offset, 6).append(this.#structure)
    if (active >= 0) bits.add(active, this.#targets)
    if (isOther) {
      for (const one of template.indications) bits.add(one, 2)
      for (const diff of template.frameDiffs) bits.add(3, 2).add(diff - 1, 12)
      bits.add(0, 2)
      for (const diff of template.chainDiffs) bits.add(diff & 0xff, 8)
    }
    return bits.bytes()
  }

  get #targets(): number {
    return this.#options.spatialLayers * this.#options.temporalLayers
  }

  /** Without its first number. */
  #writeStructure(): string {
    const bits = new BitWriter()
    const { spatialLayers, temporalLayers } = this.#options
    bits.add(this.#targets - 1, 5)
    for (const [i, { spatial, temporal }] of this.#templates.entries()) {
      const next = this.#templates[i + 1]
      bits.add(!next ? 3 : next.spatial > spatial ? 2 : next.temporal > temporal ? 1 : 0, 2)
    }
    for (const { indications } of this.#templates) for (const one of indications) bits.add(one, 2)
    for (const { frameDiffs } of this.#templates) {
      for (const diff of frameDiffs) bits.add(1, 1).add(diff - 1, 4)
      bits.add(0, 1)
    }
    bits.addNonSymmetric(spatialLayers, this.#targets + 1)
    for (let target = 0; target < this.#targets; target++) {
      bits.addNonSymmetric(Math.floor(target / temporalLayers), spatialLayers)
    }
    for (const { chainDiffs } of this.#templates) for (const diff of chainDiffs) bits.add(diff, 4)
    bits.add(1, 1)
    for (const [width, height] of this.#resolutions) bits.add(width - 1, 16).add(height - 1, 16)
    return bits.written
  }
}

/** As `ScalabilityStructureFullSvc::Dti` and `ScalabilityStructureKeySvc::Dti` have it. */
function indicationOf(frame: LayeredFrame, spatial: number, temporal: number, keyOnly: boolean): number {
  const isOfPicture = frame.key || !keyOnly
  if (spatial < frame.spatial || temporal < frame.temporal) return indication.notPresent
  if (spatial === frame.spatial) {
    return temporal === frame.temporal && temporal > 0 ? indication.discardable : indication.switch
  }
  if (!isOfPicture) return indication.notPresent
  return frame.key ? indication.switch : indication.required
}

class BitWriter {
  written = ''

  append(bits: string): this {
    this.written += bits
    return this
  }

  add(value: number, width: number): this {
    if (width > 0) this.written += value.toString(2).padStart(width, '0')
    return this
  }

  /** ns(n) (AV1 §4.10.7). */
  addNonSymmetric(value: number, limit: number): this {
    const width = limit.toString(2).length
    const short = 2 ** width - limit
    return value < short ? this.add(value, width - 1) : this.add(value + short, width)
  }

  bytes(): Uint8Array {
    const length = Math.ceil(this.written.length / 8)
    const padded = this.written.padEnd(8 * length, '0')
    return Uint8Array.from({ length }, (_, i) => Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2))
  }
}

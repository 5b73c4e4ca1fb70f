/** What one frame of a synthetic stream needs and offers: a picture has one of each spatial layer that is on. */
export interface LayeredFrame {
  /** Of the frames of the stream, in all its layers. */
  readonly number: number
  /** Of the pictures. */
  readonly picture: number
  readonly spatial: number
  readonly temporal: number
  /** Its picture needs no picture before. */
  readonly key: boolean
  /** The frames that it needs. */
  readonly needs: readonly number[]
  /** The picture of the frame of its own layer among them; -1: there is none. */
  readonly needsPicture: number
  /** A frame of its own picture is among them. */
  readonly needsLower: boolean
  /** No higher layer of its picture needs it. */
  readonly ownLayerOnly: boolean
  /** All frames of its layer that it needs are of lower temporal layers. */
  readonly sync: boolean
  readonly isLast: boolean
  /** Counts frames of temporal layer 0. */
  readonly base: number
}

export interface LayeredEncoderOptions {
  readonly spatialLayers: number
  readonly temporalLayers: number
  /** Higher layers need the lower ones in key pictures alone (L3T3_KEY). */
  readonly keyOnly: boolean
}

/** Frames need others that are no further back. */
const mostBetween = 64
const patterns: readonly (readonly number[])[] = [[0], [0, 1], [0, 2, 1, 2]]

/** Encodes nothing, in layers: which frames there are, and what they need, as libwebrtc's scalability structures have it. */
export class LayeredEncoder {
  readonly options: LayeredEncoderOptions
  /** How many spatial layers are on. More than before take effect with the next key picture. */
  spatialLayers: number
  #sending = 0
  #pattern: readonly number[]
  #at = 0
  #frame = 0
  #picture = 0
  #base = 0
  /** Of each spatial layer the last frame of each temporal layer. */
  #last: number[][] = []
  /** By frame. */
  readonly #pictures = new Map<number, number>()

  constructor(options: LayeredEncoderOptions) {
    this.options = options
    this.spatialLayers = options.spatialLayers
    this.#pattern = patterns[options.temporalLayers - 1] ?? [0]
  }

  /** The frames of the next picture. */
  next(isKey: boolean): LayeredFrame[] {
    const { keyOnly } = this.options
    const key = isKey || this.#picture === 0 || this.spatialLayers > this.#sending
    if (key) this.#at = 0
    this.#sending = this.spatialLayers
    const temporal = this.#pattern[this.#at % this.#pattern.length] ?? 0
    if (temporal === 0) this.#base++
    const frames = Array.from({ length: this.#sending }, (_, spatial): LayeredFrame => {
      const before = key ? [] : [this.#reference(spatial, temporal)]
      const needsLower = spatial > 0 && (key || !keyOnly)
      const number = this.#frame++
      const isLast = spatial === this.#sending - 1
      return {
        number,
        picture: this.#picture,
        spatial,
        temporal,
        key,
        needs: needsLower ? [...before, number - 1] : before,
        needsPicture: before.length > 0 ? (this.#pictures.get(before[0] as number) ?? -1) : -1,
        needsLower,
        ownLayerOnly: spatial === this.options.spatialLayers - 1 || (keyOnly && !key),
        sync: temporal > 0 && before.every(needed => !this.#last[spatial]?.slice(temporal).includes(needed)),
        isLast,
        base: this.#base,
      }
    })
    for (const { spatial, number } of frames) {
      this.#pictures.set(number, this.#picture)
      this.#pictures.delete(number - mostBetween)
      if (key) this.#last[spatial] = []
      const last = this.#last[spatial] ?? []
      last[temporal] = number
      this.#last[spatial] = last
    }
    this.#picture++
    this.#at++
    return frames
  }

  /** The highest lower temporal layer since the base, or the base before. */
  #reference(spatial: number, temporal: number): number {
    const last = this.#last[spatial] ?? []
    if (temporal === 0) return last[0] as number
    return Math.max(...last.slice(0, temporal).filter(number => number !== undefined))
  }
}

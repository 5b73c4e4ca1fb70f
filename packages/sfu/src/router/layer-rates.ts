import type { FrameInfo } from './frame-info.ts'

/** Layers of a kind that are told apart; those above count as the highest. */
const most = 4
/** What was counted in more than this is not measured: nothing was sent for a part of it. */
const longestMs = 1000
/** Of a measurement against what was known before; so much more than that is taken as it is. */
const weight = 0.5
const clearlyMore = 4
/** Pictures of so many measurements in a row have no more spatial layers: there are no more. */
const mostWithoutHighest = 2

/** How much of a stream flows, in all and by layers; measured at intervals, and smoothed. */
export class LayerRates {
  /** Of payloads, in all; bit/s. 0: not measured yet. */
  bps = 0
  /** How many layers there are, as far as was seen; a spatial one is gone once it is not sent for a while in which others are. */
  spatialLayers = 1
  temporalLayers = 1
  /** A picture of a higher spatial layer does not need the lower ones of the same time. */
  independent = false
  readonly #octets = new Float64Array(most * most)
  readonly #bps = new Float64Array(most * most)
  #since = Number.NaN
  #withoutHighest = 0

  count(octets: number, { spatial, temporal, ownLayerOnly, start }: FrameInfo): void {
    const s = Math.min(spatial, most - 1)
    const t = Math.min(temporal, most - 1)
    if (s >= this.spatialLayers) this.spatialLayers = s + 1
    if (t >= this.temporalLayers) this.temporalLayers = t + 1
    if (s === 0 && ownLayerOnly && start !== 'key' && this.spatialLayers > 1) this.independent = true
    const at = s * most + t
    this.#octets[at] = (this.#octets[at] as number) + octets
  }

  measure(now: number): void {
    const ms = now - this.#since
    this.#since = now
    if (!(ms > 0) || ms > longestMs) {
      this.#octets.fill(0)
      return
    }
    let highest = most - 1
    while (highest >= 0 && !this.#wasSeen(highest)) highest--
    // What is not sent takes as much as before once it is.
    if (highest < 0) return
    this.#forgetAbove(highest)
    this.bps = 0
    for (let i = 0; i < this.#bps.length; i++) {
      const measured = ((this.#octets[i] as number) * 8000) / ms
      const before = this.#bps[i] as number
      const smoothed = measured > clearlyMore * before ? measured : before + weight * (measured - before)
      this.#bps[i] = smoothed
      this.bps += smoothed
    }
    this.#octets.fill(0)
  }

  #forgetAbove(highest: number): void {
    this.#withoutHighest = highest + 1 < this.spatialLayers ? this.#withoutHighest + 1 : 0
    if (this.#withoutHighest < mostWithoutHighest) return
    this.#withoutHighest = 0
    this.spatialLayers = highest + 1
  }

  #wasSeen(spatial: number): boolean {
    for (let t = 0; t < most; t++) if ((this.#octets[spatial * most + t] as number) > 0) return true
    return false
  }

  /** What the layers up to these take together, bit/s. */
  upTo(spatial: number, temporal: number): number {
    let bps = 0
    for (let s = this.independent ? spatial : 0; s <= Math.min(spatial, most - 1); s++) {
      for (let t = 0; t <= Math.min(temporal, most - 1); t++) bps += this.#bps[s * most + t] as number
    }
    return bps
  }
}

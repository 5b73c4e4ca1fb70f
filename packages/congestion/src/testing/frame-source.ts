import type { StreamDemand } from '../allocation.ts'

const packetBytes = 1100

/** A stream's frames: one a period, of sizes that vary by 30 % about what its bit rate gives. */
export class FrameSource {
  readonly demand: StreamDemand<string>
  readonly #periodMs: number
  readonly #random: () => number
  nextAt: number
  layer = -1
  bps = 0

  constructor(demand: StreamDemand<string>, periodMs: number, random: () => number) {
    this.demand = demand
    this.#periodMs = periodMs
    this.#random = random
    this.nextAt = periodMs * random()
  }

  /** The sizes of the packets of the frame that is due. */
  frame(now: number): number[] {
    this.nextAt = now + this.#periodMs
    if (this.bps <= 0) return []
    const bytes = ((this.bps * this.#periodMs) / 8000) * (0.7 + 0.6 * this.#random())
    const count = Math.ceil(bytes / packetBytes)
    return new Array<number>(count).fill(Math.ceil(bytes / count))
  }
}

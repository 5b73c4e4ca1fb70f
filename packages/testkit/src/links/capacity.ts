/** From `at` on (ms) a link carries `bps`. */
export interface CapacityStep {
  readonly at: number
  readonly bps: number
}

/** What a link carries over time: steps in ascending order, the first of which also holds for what was before. */
export class Capacity {
  readonly #steps: readonly CapacityStep[]
  /** The step that was asked for last: who asks goes forward. */
  #current = 0

  constructor(steps: readonly CapacityStep[]) {
    if (steps.length === 0) throw new RangeError('A capacity has at least one step')
    this.#steps = steps
  }

  static steady(bps: number): Capacity {
    return new Capacity([{ at: 0, bps }])
  }

  bps(now: number): number {
    return (this.#steps[this.#find(now)] as CapacityStep).bps
  }

  /** When so many bits are through if they begin now; Infinity: never. */
  finish(now: number, bits: number): number {
    let at = now
    let left = bits
    for (let i = this.#find(now); ; i++) {
      const { bps } = this.#steps[i] as CapacityStep
      const end = this.#steps[i + 1]?.at ?? Number.POSITIVE_INFINITY
      const carried = (bps * (end - at)) / 1000
      if (carried >= left && bps > 0) return at + (left * 1000) / bps
      if (end === Number.POSITIVE_INFINITY) return end
      left -= carried
      at = end
    }
  }

  #find(now: number): number {
    const steps = this.#steps
    if (now < (steps[this.#current] as CapacityStep).at) this.#current = 0
    while (this.#current + 1 < steps.length && (steps[this.#current + 1] as CapacityStep).at <= now) this.#current++
    return this.#current
  }
}

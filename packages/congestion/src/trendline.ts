/** Groups over which the trend is fitted. */
const windowGroups = 20
const smoothing = 0.9
const gain = 4
/** The trend counts for so many groups, at most. */
const mostGroups = 60
/** The delay has to grow for so long, ms. */
const overuseMs = 10
const firstThreshold = 12.5
const leastThreshold = 6
const mostThreshold = 600
/** How fast the threshold follows, per ms: slowly up, more slowly down. */
const upPerMs = 0.0087
const downPerMs = 0.002

/** What the growth of delay says of a link: its queue grows, stays, or shrinks. */
export type Usage = 'overuse' | 'normal' | 'underuse'

/**
 * Finds out whether delay grows: the slope of a line through the last groups' delays, compared with a threshold that adapts to
 * the link, so that noise does not count and a queue that others fill does not starve us (draft-ietf-rmcat-gcc-02 §5.3, §5.4; the
 * line in place of the Kalman filter as browsers have it).
 */
export class Trendline {
  readonly #times = new Float64Array(windowGroups)
  readonly #delays = new Float64Array(windowGroups)
  #count = 0
  #firstArrival = 0
  #delay = 0
  #smoothed = 0
  #threshold = firstThreshold
  #adaptedAt = Number.NaN
  #slope = 0
  #over = 0
  #overMs = -1
  usage: Usage = 'normal'

  /** The delay's growth in ms per ms. */
  get slope(): number {
    return this.#slope
  }

  /** Takes the growth of delay from one group to the next. */
  add(delayGrowthMs: number, departureMs: number, arrivedAt: number): void {
    if (this.#count === 0) this.#firstArrival = arrivedAt
    this.#delay += delayGrowthMs
    this.#smoothed = smoothing * this.#smoothed + (1 - smoothing) * this.#delay
    const slot = this.#count++ % windowGroups
    this.#times[slot] = arrivedAt - this.#firstArrival
    this.#delays[slot] = this.#smoothed
    if (this.#count < windowGroups) return
    const before = this.#slope
    this.#slope = this.#fit()
    this.#detect(before, departureMs, arrivedAt)
  }

  reset(): void {
    this.#count = 0
    this.#delay = 0
    this.#smoothed = 0
    this.#slope = 0
    this.#over = 0
    this.#overMs = -1
    this.usage = 'normal'
  }

  #fit(): number {
    let meanTime = 0
    let meanDelay = 0
    for (let i = 0; i < windowGroups; i++) {
      meanTime += this.#times[i] as number
      meanDelay += this.#delays[i] as number
    }
    meanTime /= windowGroups
    meanDelay /= windowGroups
    let covariance = 0
    let variance = 0
    for (let i = 0; i < windowGroups; i++) {
      const time = (this.#times[i] as number) - meanTime
      covariance += time * ((this.#delays[i] as number) - meanDelay)
      variance += time * time
    }
    return variance > 0 ? covariance / variance : this.#slope
  }

  #detect(before: number, departureMs: number, now: number): void {
    const trend = Math.min(this.#count, mostGroups) * this.#slope * gain
    if (trend > this.#threshold) {
      this.#overMs = this.#overMs < 0 ? departureMs / 2 : this.#overMs + departureMs
      this.#over++
      if (this.#overMs > overuseMs && this.#over > 1 && this.#slope >= before) {
        this.#overMs = 0
        this.#over = 0
        this.usage = 'overuse'
      }
    } else {
      this.#overMs = -1
      this.#over = 0
      this.usage = trend < -this.#threshold ? 'underuse' : 'normal'
    }
    this.#adapt(Math.abs(trend), now)
  }

  #adapt(trend: number, now: number): void {
    const spanMs = Number.isNaN(this.#adaptedAt) ? 0 : Math.min(Math.max(now - this.#adaptedAt, 0), 100)
    this.#adaptedAt = now
    // A sudden jump says nothing about the noise of the link.
    if (trend > this.#threshold + 15) return
    const rate = trend < this.#threshold ? downPerMs : upPerMs
    const adapted = this.#threshold + rate * (trend - this.#threshold) * spanMs
    this.#threshold = Math.min(Math.max(adapted, leastThreshold), mostThreshold)
  }
}

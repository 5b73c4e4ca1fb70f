import { IndexWindow } from './index-window.ts'

/** The windows of a key's SSRCs. */
export class Windows {
  readonly #most: number
  readonly #bySsrc = new Map<number, IndexWindow>()
  #uses = 0
  #latestSsrc = 0
  #latest: IndexWindow | undefined

  readonly #onForgotten: ((ssrc: number) => void) | undefined

  constructor(most: number, onForgotten?: (ssrc: number) => void) {
    this.#onForgotten = onForgotten
    if (!Number.isInteger(most) || most < 1) throw new RangeError(`maxSsrcs must be 1 or more, not ${most}`)
    this.#most = most
  }

  /** @param ssrc As a signed number: so it never costs memory. */
  find(ssrc: number): IndexWindow | undefined {
    if (this.#latest && this.#latestSsrc === ssrc) return this.#latest
    const found = this.#bySsrc.get(ssrc)
    if (found) this.#keep(ssrc, found)
    return found
  }

  /** Where there are too many, the one that was used longest ago is forgotten. */
  add(ssrc: number): IndexWindow {
    if (this.#bySsrc.size >= this.#most) this.#forgetStalest()
    const made = new IndexWindow()
    this.#bySsrc.set(ssrc, made)
    this.#keep(ssrc, made)
    return made
  }

  #forgetStalest(): void {
    let stalest = 0
    let usedAt = Number.POSITIVE_INFINITY
    for (const [ssrc, window] of this.#bySsrc) {
      if (window.usedAt >= usedAt) continue
      stalest = ssrc
      usedAt = window.usedAt
    }
    this.#bySsrc.delete(stalest)
    this.#onForgotten?.(stalest)
  }

  #keep(ssrc: number, window: IndexWindow): void {
    window.usedAt = ++this.#uses
    this.#latestSsrc = ssrc
    this.#latest = window
  }
}

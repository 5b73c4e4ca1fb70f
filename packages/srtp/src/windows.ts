import { IndexWindow } from './index-window.ts'

/** The windows of a key's SSRCs, at most so many. */
export class Windows {
  readonly #most: number
  readonly #bySsrc = new Map<number, IndexWindow>()
  #latestSsrc = 0
  #latest: IndexWindow | undefined

  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1) throw new RangeError(`maxSsrcs must be 1 or more, not ${most}`)
    this.#most = most
  }

  get full(): boolean {
    return this.#bySsrc.size >= this.#most
  }

  /** @param ssrc As a signed number: so it never costs memory. */
  find(ssrc: number): IndexWindow | undefined {
    if (this.#latest && this.#latestSsrc === ssrc) return this.#latest
    const found = this.#bySsrc.get(ssrc)
    if (found) this.#keep(ssrc, found)
    return found
  }

  add(ssrc: number): IndexWindow {
    const made = new IndexWindow()
    this.#bySsrc.set(ssrc, made)
    this.#keep(ssrc, made)
    return made
  }

  #keep(ssrc: number, window: IndexWindow): void {
    this.#latestSsrc = ssrc
    this.#latest = window
  }
}

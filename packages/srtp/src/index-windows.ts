/** How far an index may lie behind the newest: enough for a burst of video, or a retransmission after a long round trip. */
export const WINDOW = 1024
const WORDS = WINDOW / 32
const SEQUENCES = 65_536
const HALF = 32_768

/** Which packet indices of one SSRC have been used, among the newest {@link WINDOW} (RFC 3711 §3.3.2). */
export class IndexWindow {
  /** When it was last used, by a count that {@link IndexWindows} keeps. */
  usedAt = 0
  #newest = -1
  readonly #used = new Uint32Array(WORDS)

  /**
   * The 48-bit index that a sequence number most likely stands for (RFC 3711 §3.3.1, appendix A); negative if that would be
   * before the first packet.
   */
  estimate(sequence: number): number {
    if (this.#newest < 0) return sequence
    const last = this.#newest % SEQUENCES
    const rolled = this.#newest - last
    if (last < HALF) return sequence - last > HALF ? rolled + sequence - SEQUENCES : rolled + sequence
    return last - HALF > sequence ? rolled + sequence + SEQUENCES : rolled + sequence
  }

  /** Whether an index has not been used, and is not too old to tell. */
  isFresh(index: number): boolean {
    if (index > this.#newest) return true
    if (index < 0 || this.#newest - index >= WINDOW) return false
    return ((this.#used[(index & (WINDOW - 1)) >>> 5] as number) & (1 << (index & 31))) === 0
  }

  /** Marks a fresh index as used. */
  use(index: number): void {
    const newest = this.#newest
    if (index > newest) {
      if (index - newest >= WINDOW) this.#used.fill(0)
      else for (let skipped = newest + 1; skipped < index; skipped++) this.#clear(skipped)
      this.#newest = index
    }
    this.#used[(index & (WINDOW - 1)) >>> 5]! |= 1 << (index & 31)
  }

  #clear(index: number): void {
    this.#used[(index & (WINDOW - 1)) >>> 5]! &= ~(1 << (index & 31))
  }
}

/** The windows of the SSRCs under one key: of a bounded number, so that forged SSRCs cannot use up memory. */
export class IndexWindows {
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

  /** @param ssrc As a signed 32-bit number, which V8 mostly keeps without allocating. */
  find(ssrc: number): IndexWindow | undefined {
    if (this.#latest && this.#latestSsrc === ssrc) return this.#latest
    const found = this.#bySsrc.get(ssrc)
    if (found) this.#keep(ssrc, found)
    return found
  }

  /** Makes a window. If there are too many, forgets the one whose last use is longest ago. */
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

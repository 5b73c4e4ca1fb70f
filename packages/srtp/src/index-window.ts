/** How far behind the newest an index may be: a burst of video, or a retransmission after a long round trip. */
export const WINDOW = 1024
const WORDS = WINDOW / 32
const SEQUENCES = 65_536
const HALF = 32_768

/** Which packet indices of an SSRC have been used: the newest, and those of the {@link WINDOW} before it. */
export class IndexWindow {
  /** For whoever keeps many: the higher, the later it was used. */
  usedAt = 0
  #newest = -1
  readonly #used = new Uint32Array(WORDS)

  /**
   * The 48-bit index that a sequence number most likely stands for (RFC 3711 §3.3.1, appendix A); negative when that would
   * be before the first packet.
   */
  estimate(sequence: number): number {
    if (this.#newest < 0) return sequence
    const last = this.#newest % SEQUENCES
    const rolled = this.#newest - last
    if (last < HALF) return sequence - last > HALF ? rolled + sequence - SEQUENCES : rolled + sequence
    return last - HALF > sequence ? rolled + sequence + SEQUENCES : rolled + sequence
  }

  /** Whether it was not used, and is not too old to say. */
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

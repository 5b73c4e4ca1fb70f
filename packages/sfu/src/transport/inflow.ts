/** Limits for one peer's RTP and RTCP: more than any encoder sends, even at 8K. */
const packetsPerSecond = 20_000
const bytesPerSecond = 25_000_000
/** For how long unused allowance is saved up. */
const burstMs = 1_000

/** Limits what one peer may send, by two token buckets: packets and bytes. Allocates nothing. */
export class Inflow {
  #packets = packetsPerSecond
  #bytes = bytesPerSecond
  #at = 0

  /** Whether one more packet may pass. */
  admits(bytes: number, now: number): boolean {
    const passedMs = Math.min(now - this.#at, burstMs)
    if (passedMs > 0) {
      this.#at = now
      this.#packets = Math.min(this.#packets + (packetsPerSecond * passedMs) / 1000, packetsPerSecond)
      this.#bytes = Math.min(this.#bytes + (bytesPerSecond * passedMs) / 1000, bytesPerSecond)
    }
    if (this.#packets < 1 || this.#bytes < bytes) return false
    this.#packets -= 1
    this.#bytes -= bytes
    return true
  }
}

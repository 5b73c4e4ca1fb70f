/** Of one peer, RTP and RTCP: more than any encoder sends, 8K included. */
const packetsPerSecond = 20_000
const bytesPerSecond = 25_000_000
/** What is saved up while it sends less. */
const burstMs = 1_000

/** Bounds what one peer may send: two buckets that fill as time goes by. Allocates nothing. */
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

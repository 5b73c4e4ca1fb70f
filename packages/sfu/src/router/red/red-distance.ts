/** How many packets the loss is averaged over: four seconds of one voice. A silent one, which sends few, is judged slowly. */
const memory = 200
/** Shares of packets lost from which on one more packet is repeated, and below which it is not any more. */
const levels = [
  { begins: 0.02, ends: 0.01 },
  { begins: 0.08, ends: 0.04 },
] as const
/** For so long the loss has to stay below before less is repeated, ms. */
const patienceMs = 10_000

/**
 * How many packets RED repeats for a receiver, by what its link loses: none, one where some are lost, two where many are, so that a
 * burst does no harm either. At once more, and less only after a while.
 */
export class RedDistance {
  current = 0
  #loss = 0
  #calmSince = Number.NaN

  /** So many of these packets were lost. */
  count(lost: number, packets: number, now: number): void {
    if (packets <= 0) return
    const share = Math.min(1, Math.max(0, lost / packets))
    this.#loss += (share - this.#loss) * (1 - Math.exp(-packets / memory))
    const loss = this.#loss
    let next = 0
    for (const { begins } of levels) if (loss >= begins) next++
    const isCalm = loss < (levels[this.current - 1]?.ends ?? 0)
    if (next > this.current) this.current = next
    else if (!isCalm) this.#calmSince = Number.NaN
    else if (Number.isNaN(this.#calmSince)) this.#calmSince = now
    else if (now - this.#calmSince >= patienceMs) {
      this.current--
      this.#calmSince = now
    }
  }
}

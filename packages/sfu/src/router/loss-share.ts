/** Loss is told of so many packets at least: who is silent sends few, and one of them is soon a third. */
const leastPackets = 20

/** The share of packets that are lost on a link, whichever streams they are of. */
export class LossShare {
  /** 0 to 1; undefined: not known yet. */
  value: number | undefined
  #lost = 0
  #packets = 0

  count(lost: number, packets: number): void {
    this.#lost += lost
    this.#packets += packets
    if (this.#packets < leastPackets) return
    this.value = Math.max(0, this.#lost / this.#packets)
    this.#lost = 0
    this.#packets = 0
  }

  /** Nothing is sent any more. */
  reset(): void {
    this.value = undefined
    this.#lost = 0
    this.#packets = 0
  }
}

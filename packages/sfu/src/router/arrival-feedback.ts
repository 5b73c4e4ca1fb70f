import { sequenceDistance } from '@parley/bytes'
import { type ArrivalTime, feedbackOf, type TransportFeedback } from '@parley/rtp'

/** Arrivals between two feedbacks, at most; more are left out. */
const capacity = 512

class Arrival implements ArrivalTime {
  sequenceNumber = 0
  arrivalUs = 0
}

/**
 * Notes when packets with a transport-wide sequence number arrive, and tells the publisher so that it can estimate its
 * bandwidth (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 */
export class ArrivalFeedback {
  /** Grows to what is needed between two feedbacks, and is used again. */
  readonly #pool: Arrival[] = []
  #count = 0
  /** What the next feedback begins with; -1: nothing was told yet. */
  #base = -1
  #feedbackCount = 0

  /** Arrivals that wait to be told. */
  get pending(): number {
    return this.#count
  }

  arrived(sequenceNumber: number, now: number): void {
    if (this.#count === capacity) return
    this.#pool[this.#count] ??= new Arrival()
    const arrival = this.#pool[this.#count] as Arrival
    arrival.sequenceNumber = sequenceNumber
    arrival.arrivalUs = now * 1000
    this.#count++
  }

  /** Takes what is to be told, in as many packets as it needs. */
  take(senderSsrc: number, mediaSsrc: number): TransportFeedback[] {
    const arrivals = this.#sorted()
    const told: TransportFeedback[] = []
    for (let from = 0; from < arrivals.length; ) {
      const first = (arrivals[from] as Arrival).sequenceNumber
      // One that comes after later ones were told is told after all; what is far off begins anew.
      const gap = sequenceDistance(this.#base, first)
      const base = this.#base < 0 || gap < 0 || gap > capacity ? first : this.#base
      const { taken, ...feedback } = feedbackOf(base, arrivals.slice(from, from + capacity))
      if (taken === 0) from++
      else {
        told.push({ senderSsrc, mediaSsrc, feedbackPacketCount: this.#feedbackCount, ...feedback })
        this.#feedbackCount = (this.#feedbackCount + 1) & 0xff
        from += taken
        this.#base = ((arrivals[from - 1] as Arrival).sequenceNumber + 1) & 0xffff
      }
    }
    this.#count = 0
    return told
  }

  /** In the order of their sequence numbers, each once. */
  #sorted(): Arrival[] {
    const arrivals = this.#pool.slice(0, this.#count)
    const origin = arrivals[0]?.sequenceNumber ?? 0
    const offset = ({ sequenceNumber }: Arrival) => sequenceDistance(origin, sequenceNumber)
    arrivals.sort((one, other) => offset(one) - offset(other))
    return arrivals.filter((arrival, i) => arrival.sequenceNumber !== arrivals[i - 1]?.sequenceNumber)
  }
}

import type { TransportFeedback } from '@parley/rtp'

const firstSlots = 512
const mostSlots = 8192
/** A packet that is younger than this and not yet reported on is not overwritten as long as the ring may grow; ms. */
const keptMs = 2000

/** The reference time of feedback: 24 bits of 64 ms. Deltas are in 250 µs. */
const referenceMs = 64
const deltaMs = 0.25

const state = { empty: 0, inFlight: 1, acknowledged: 2, lost: 3, presumed: 4 } as const

/** What a report says, packet by packet. */
export interface FeedbackVisitor {
  /**
   * It arrived. `arrivedAt` is in ms on the receiver's clock, whose zero is unknown. `cluster`: of which probe; 0: of none.
   * `late`: it had been reported as lost, or another report had been taken for lost.
   */
  acknowledged(sentAt: number, arrivedAt: number, bytes: number, cluster: number, late: boolean): void
  lost(bytes: number, cluster: number): void
  /** No report spoke of it, but one spoke of later packets: a report was lost. It is taken to have arrived. */
  presumed(bytes: number, cluster: number): void
}

/**
 * Remembers what was sent under which transport-wide sequence number, and reads feedback against it
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Whatever a report claims about packets that were not sent, or were
 * settled before, is passed over.
 */
export class SendHistory {
  #slots = firstSlots
  #sentAt = new Float64Array(firstSlots)
  #bytes = new Uint16Array(firstSlots)
  #clusters = new Uint16Array(firstSlots)
  #states = new Uint8Array(firstSlots)
  /** Unwrapped; the first is in 0 to 65,535. -1: none was sent. */
  #highest = -1
  #oldest = 0
  /** Everything below was covered by a report, or is presumed. */
  #covered = 0
  #inFlight = 0
  /** Unwrapped, in units of 64 ms. */
  #reference = Number.NaN

  /** Bytes that were sent and not yet reported on. */
  get inFlightBytes(): number {
    return this.#inFlight
  }

  /** A packet has left. Numbers are expected to go up by one; whatever comes otherwise begins anew. */
  sent(sequenceNumber: number, bytes: number, now: number, cluster = 0): void {
    const step = (sequenceNumber - this.#highest) & 0xffff
    if (this.#highest < 0 || step === 0 || step >= 0x8000) this.#beginAt(sequenceNumber & 0xffff)
    else this.#advance(step, now)
    const slot = this.#highest & (this.#slots - 1)
    this.#sentAt[slot] = now
    this.#bytes[slot] = bytes
    this.#clusters[slot] = cluster
    this.#states[slot] = state.inFlight
    this.#inFlight += this.#bytes[slot] as number
  }

  /** Reads a report, in the order of sequence numbers. Returns how many packets it settled. */
  feedback(report: TransportFeedback, visitor: FeedbackVisitor): number {
    const { arrivals } = report
    const base = report.baseSequenceNumber & 0xffff
    if (this.#highest < 0) return 0
    const first = this.#highest - ((this.#highest - base) & 0xffff)
    const end = Math.min(first + report.packetStatusCount, this.#highest + 1)
    if (end <= this.#oldest) return 0
    let settled = this.#presume(Math.min(first, end), visitor)
    let arrivedAt = this.#unwrapReference(report.referenceTime) * referenceMs
    let next = 0
    for (let sequence = first; next < arrivals.length || sequence < end; sequence++) {
      const arrival = arrivals[next]
      const arrived = arrival !== undefined && ((arrival.sequenceNumber - sequence) & 0xffff) === 0
      if (arrived) {
        arrivedAt += arrival.delta * deltaMs
        next++
      } else if (sequence >= end) break
      if (sequence < this.#oldest || sequence >= end) continue
      if (arrived ? this.#acknowledge(sequence, arrivedAt, visitor) : this.#lose(sequence, visitor)) settled++
    }
    if (end > this.#covered) this.#covered = end
    return settled
  }

  #acknowledge(sequence: number, arrivedAt: number, visitor: FeedbackVisitor): boolean {
    const slot = sequence & (this.#slots - 1)
    const was = this.#states[slot] as number
    if (was === state.empty || was === state.acknowledged) return false
    const bytes = this.#bytes[slot] as number
    if (was === state.inFlight) this.#inFlight -= bytes
    this.#states[slot] = state.acknowledged
    const counted = was === state.presumed ? 0 : bytes
    visitor.acknowledged(
      this.#sentAt[slot] as number,
      arrivedAt,
      counted,
      this.#clusters[slot] as number,
      was !== state.inFlight,
    )
    return true
  }

  #lose(sequence: number, visitor: FeedbackVisitor): boolean {
    const slot = sequence & (this.#slots - 1)
    if (this.#states[slot] !== state.inFlight) return false
    const bytes = this.#bytes[slot] as number
    this.#inFlight -= bytes
    this.#states[slot] = state.lost
    visitor.lost(bytes, this.#clusters[slot] as number)
    return true
  }

  #presume(before: number, visitor: FeedbackVisitor): number {
    let count = 0
    for (let sequence = Math.max(this.#covered, this.#oldest); sequence < before; sequence++) {
      const slot = sequence & (this.#slots - 1)
      if (this.#states[slot] !== state.inFlight) continue
      this.#states[slot] = state.presumed
      const bytes = this.#bytes[slot] as number
      this.#inFlight -= bytes
      visitor.presumed(bytes, this.#clusters[slot] as number)
      count++
    }
    return count
  }

  #beginAt(sequenceNumber: number): void {
    this.#states.fill(state.empty)
    this.#highest = sequenceNumber
    this.#oldest = sequenceNumber
    this.#covered = sequenceNumber
    this.#inFlight = 0
  }

  #advance(step: number, now: number): void {
    const target = this.#highest + step
    while (this.#highest < target) {
      const next = this.#highest + 1
      if (next - this.#oldest >= this.#slots) this.#makeRoom(now)
      this.#highest = next
      this.#states[next & (this.#slots - 1)] = state.empty
    }
  }

  /** Gives up the oldest packet, or grows if it may still be reported on. */
  #makeRoom(now: number): void {
    const slot = this.#oldest & (this.#slots - 1)
    const waiting = this.#states[slot] === state.inFlight
    if (waiting && this.#slots < mostSlots && now - (this.#sentAt[slot] as number) < keptMs) this.#grow()
    else {
      if (waiting) this.#inFlight -= this.#bytes[slot] as number
      this.#oldest++
    }
  }

  #grow(): void {
    const slots = 2 * this.#slots
    const sentAt = new Float64Array(slots)
    const bytes = new Uint16Array(slots)
    const clusters = new Uint16Array(slots)
    const states = new Uint8Array(slots)
    for (let sequence = this.#oldest; sequence <= this.#highest; sequence++) {
      const from = sequence & (this.#slots - 1)
      const to = sequence & (slots - 1)
      sentAt[to] = this.#sentAt[from] as number
      bytes[to] = this.#bytes[from] as number
      clusters[to] = this.#clusters[from] as number
      states[to] = this.#states[from] as number
    }
    this.#slots = slots
    this.#sentAt = sentAt
    this.#bytes = bytes
    this.#clusters = clusters
    this.#states = states
  }

  #unwrapReference(referenceTime: number): number {
    const last = this.#reference
    const distance = Number.isNaN(last) ? 0 : ((referenceTime - (last & 0xffffff)) << 8) >> 8
    const reference = Number.isNaN(last) ? referenceTime & 0xffffff : last + distance
    if (Number.isNaN(last) || distance > 0) this.#reference = reference
    return reference
  }
}

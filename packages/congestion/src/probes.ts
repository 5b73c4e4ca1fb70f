/** A cluster lasts for so long, and has at least so many packets; ms. */
const clusterMs = 40
const leastPackets = 6
const longestClusterMs = 150
/** While the queue is long, a probe is put off by so much; ms. */
const unrestMs = 200
/** Time between the packets of a cluster, ms; and their sizes, bytes. */
const stepMs = 5
const smallestPacket = 200
const largestPacket = 1200
/** After so long without its reports a cluster is given up; ms. */
const patienceMs = 1500
/** The first probe goes for this multiple of the first estimate; each that succeeds is followed by one for twice as much. */
const firstStep = 3
const nextStep = 2
/** A probe that shows this share of what it went for has succeeded. */
const success = 0.7
/** How far a later probe goes: when little is sent or after a drop, and when what is sent comes near to the estimate. */
const bigStep = 2
const smallStep = 1.5
/** Time between probes; after a drop; and after one that promised too much, at most; ms. */
const periodMs = 5000
const afterDropMs = 1000
const longestPeriodMs = 40_000
/** A raise that has held for so long was true; ms. */
const provenMs = 12_000
/** A link that gave this share of the rate at which a probe was sent was full; the estimate is a little less. */
const fullShare = 0.9
const utilization = 0.95

/** More loss than this is not made up for. */
export const mostOwnLoss = 0.5

/** A cluster of packets that are sent at a given rate, to see at what rate they arrive. */
class Cluster {
  readonly id: number
  readonly bps: number
  /** What is to be sent, at least. */
  readonly bytes: number
  readonly #endsBy: number
  beganAt = Number.NaN
  sentBytes = 0
  firstSentBytes = 0
  lastSentAt = 0
  sentPackets = 0
  arrivedBytes = 0
  firstArrivedBytes = 0
  firstArrivedAt = Number.POSITIVE_INFINITY
  lastArrivedAt = Number.NEGATIVE_INFINITY
  settledPackets = 0

  constructor(id: number, bps: number, now: number) {
    this.#endsBy = now + longestClusterMs
    this.id = id
    this.bps = bps
    this.bytes = Math.max((bps * clusterMs) / 8000, leastPackets * Cluster.packetBytes(bps))
  }

  static packetBytes(bps: number): number {
    return Math.min(Math.max(Math.round((bps * stepMs) / 8000), smallestPacket), largestPacket)
  }

  /** More is to be sent. A caller that comes too late, or has nothing to send, ends the cluster as it is. */
  sending(now: number): boolean {
    return (this.sentBytes < this.bytes || this.sentPackets < leastPackets) && now < this.#endsBy
  }

  /** When the next packet of padding is due. */
  get dueAt(): number {
    if (this.sentPackets === 0) return Number.NEGATIVE_INFINITY
    const bytes = this.sentBytes - this.firstSentBytes + Cluster.packetBytes(this.bps)
    return this.beganAt + (bytes * 8000) / this.bps
  }

  /**
   * What it shows of the link: the lower of the rates at which it was sent and arrived; NaN: nothing. What the link loses
   * whatever is sent is made up for.
   */
  shown(ownLoss: number): number {
    const sentMs = this.lastSentAt - this.beganAt
    const arrivedMs = this.lastArrivedAt - this.firstArrivedAt
    if (sentMs < stepMs || !(arrivedMs > 0)) return Number.NaN
    const sentBps = ((this.sentBytes - this.firstSentBytes) * 8000) / sentMs
    const arrivedBytes = (this.arrivedBytes - this.firstArrivedBytes) / (1 - Math.min(ownLoss, mostOwnLoss))
    const arrivedBps = (arrivedBytes * 8000) / arrivedMs
    if (arrivedBps < fullShare * sentBps) return utilization * arrivedBps
    return Math.min(sentBps, arrivedBps)
  }
}

/**
 * Finds out whether a link carries more than what is sent, by clusters of packets at a higher rate: at the beginning, after a
 * drop, and as long as more is wanted than the estimate. Media that is sent meanwhile counts; the rest is padding, which the
 * caller sends.
 */
export class Probes {
  /** The most that is of use; no probe goes further. */
  wantedBps = Number.POSITIVE_INFINITY
  #cluster: Cluster | undefined
  #lastId = 0
  #nextAt: number
  /** The next probe goes for this rate; NaN: for a multiple of the estimate. */
  #nextBps: number
  #periodMs = periodMs
  /** NaN: not, or it has turned out wrong. */
  #raisedAt = Number.NaN
  #askedAt = 0
  /** The estimate has fallen since the last probe. */
  #fell = false

  constructor(estimateBps: number, now: number) {
    this.#nextAt = now
    this.#nextBps = firstStep * estimateBps
  }

  /** To note with what is sent now; 0: no probe is under way. */
  cluster(now: number): number {
    return this.#cluster?.sending(now) ? this.#cluster.id : 0
  }

  nextTimeout(estimateBps: number): number {
    const cluster = this.#cluster
    if (!cluster) return this.#wanted(estimateBps) ? this.#nextAt : Number.POSITIVE_INFINITY
    return cluster.sending(this.#askedAt) ? Math.max(cluster.dueAt, this.#askedAt + 1) : this.#askedAt + patienceMs
  }

  /** How large a packet of padding is to be sent now; 0: none. To be called again after it was sent. */
  due(estimateBps: number, testedBps: number, calm: boolean, now: number): number {
    if (!this.#cluster) {
      if (now < this.#nextAt || !this.#wanted(estimateBps)) return 0
      if (!calm) {
        this.#nextAt = now + unrestMs
        return 0
      }
      this.#begin(estimateBps, testedBps, now)
    }
    const cluster = this.#cluster as Cluster
    this.#askedAt = now
    if (cluster.sending(now)) return now >= cluster.dueAt ? Cluster.packetBytes(cluster.bps) : 0
    if (cluster.sentPackets < 2 || now - cluster.lastSentAt > patienceMs) this.#finish(now)
    return 0
  }

  sent(bytes: number, now: number): void {
    const cluster = this.#cluster
    if (!cluster?.sending(now)) return
    if (cluster.sentPackets === 0) {
      cluster.beganAt = now
      cluster.firstSentBytes = bytes
    }
    cluster.sentPackets++
    cluster.sentBytes += bytes
    cluster.lastSentAt = now
  }

  acknowledged(id: number, arrivedAt: number, bytes: number): void {
    const cluster = this.#cluster
    if (cluster?.id !== id) return
    cluster.settledPackets++
    cluster.arrivedBytes += bytes
    if (arrivedAt < cluster.firstArrivedAt) {
      cluster.firstArrivedAt = arrivedAt
      cluster.firstArrivedBytes = bytes
    }
    if (arrivedAt > cluster.lastArrivedAt) cluster.lastArrivedAt = arrivedAt
  }

  lost(id: number): void {
    if (this.#cluster?.id === id) this.#cluster.settledPackets++
  }

  /** A report about it was lost: it is to be sent again. */
  spoiled(id: number): void {
    const cluster = this.#cluster
    if (cluster?.id !== id) return
    this.#cluster = undefined
    this.#nextBps = cluster.bps
    this.#nextAt = cluster.lastSentAt
  }

  /** A report is read: the bit rate that a probe has shown; NaN: none. `ownLoss`: what the link loses whatever is sent. */
  result(ownLoss: number, now: number): number {
    const cluster = this.#cluster
    if (!cluster || cluster.sending(now) || cluster.settledPackets < cluster.sentPackets) return Number.NaN
    const shown = cluster.shown(ownLoss)
    this.#finish(now)
    if (shown >= success * cluster.bps && cluster.bps < this.wantedBps) {
      this.#nextBps = nextStep * cluster.bps
      this.#nextAt = now
    }
    return shown
  }

  /** The estimate was raised by a probe. */
  raised(now: number): void {
    if (now - this.#raisedAt > provenMs) this.#periodMs = periodMs
    this.#raisedAt = now
  }

  /** The estimate has fallen; `policed`: by loss without a queue. */
  dropped(policed: boolean, now: number): void {
    // A probe that passed although what it promised is not there (a policer lets a burst pass) is not repeated as soon.
    if (policed && now - this.#raisedAt < provenMs) {
      this.#periodMs = Math.min(2 * this.#periodMs, longestPeriodMs)
      this.#raisedAt = Number.NaN
    }
    this.#nextAt = now + (policed || this.#periodMs > periodMs ? this.#periodMs : afterDropMs)
    this.#nextBps = Number.NaN
    this.#fell = true
    this.#cluster = undefined
  }

  #wanted(estimateBps: number): boolean {
    return this.wantedBps > estimateBps
  }

  #begin(estimateBps: number, testedBps: number, now: number): void {
    const step = testedBps > success * estimateBps && !this.#fell ? smallStep : bigStep
    this.#fell = false
    const bps = Number.isNaN(this.#nextBps) ? step * estimateBps : Math.max(this.#nextBps, smallStep * estimateBps)
    this.#lastId = (this.#lastId % 0xffff) + 1
    this.#cluster = new Cluster(this.#lastId, Math.min(bps, 1.2 * this.wantedBps), now)
    this.#nextBps = Number.NaN
  }

  #finish(now: number): void {
    this.#cluster = undefined
    this.#nextAt = now + this.#periodMs
  }
}

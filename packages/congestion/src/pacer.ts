import { Queue } from './queue.ts'

/**
 * What goes before what. Audio and RTCP never wait; what is sent again goes before what is new, then pictures by importance;
 * padding goes when nothing else is there.
 */
export const lanes = { audio: 0, retransmission: 1, speaker: 2, screen: 3, others: 4, padding: 5 } as const
export type Lane = (typeof lanes)[keyof typeof lanes]

/** Media may leave at this multiple of the target: frames are spread, and never wait when all is well. */
const headroom = 2.5
/** What may leave at once, of what would leave in this time; ms. And in bytes, at least. */
const burstMs = 10
const leastBurstBytes = 3000
/** Nothing waits longer; ms. */
const defaultLongestWaitMs = 250

export interface PacerOptions {
  readonly targetBps: number
  /** What has waited for so long leaves whatever the rate. Default 250. */
  readonly longestWaitMs?: number
}

/**
 * Spreads what is sent to one receiver: packets pass at once as long as the rate allows, else they wait in lanes by
 * importance, in order within each. It holds what the caller puts in, not bytes. Pure; `now` is in ms.
 *
 * @example
 * if (pacer.mayPass(lanes.others, bytes, now)) send(packet)
 * else pacer.push({ subscription, place }, lanes.others, bytes, now)
 * // at pacer.nextTimeout():
 * for (let item = pacer.pop(now); item; item = pacer.pop(now)) recallAndSend(item)
 */
export class Pacer<T> {
  readonly #lanes: readonly Queue<T>[]
  readonly #longestWaitMs: number
  #bytesPerMs = 0
  #burstBytes = 0
  #targetBps = 0
  /** What has left and is not yet paid for by time; bytes. */
  #debt = 0
  #paidAt = Number.NEGATIVE_INFINITY
  #queuedBytes = 0
  #queued = 0

  constructor({ targetBps, longestWaitMs = defaultLongestWaitMs }: PacerOptions) {
    this.#lanes = Object.values(lanes).map(() => new Queue<T>())
    this.#longestWaitMs = longestWaitMs
    this.targetBps = targetBps
  }

  get targetBps(): number {
    return this.#targetBps
  }

  set targetBps(bps: number) {
    this.#targetBps = bps
    this.#bytesPerMs = (headroom * bps) / 8000
    this.#burstBytes = Math.max(leastBurstBytes, this.#bytesPerMs * burstMs)
  }

  /** How many packets wait. */
  get length(): number {
    return this.#queued
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** Whether a packet may leave at once; then it is taken to have left. */
  mayPass(lane: Lane, bytes: number, now: number): boolean {
    this.#pay(now)
    if (lane !== lanes.audio) {
      if (this.#queued > 0 && !this.#goesFirst(lane)) return false
      if (this.#debt >= (lane === lanes.padding ? 0 : this.#burstBytes)) return false
    }
    this.#debt += bytes
    return true
  }

  /** Puts a packet that may not pass into its lane. */
  push(item: T, lane: Lane, bytes: number, now: number): void {
    this.#pay(now)
    this.#lanes[lane]?.push(item, bytes, now)
    this.#queued++
    this.#queuedBytes += bytes
  }

  /** Takes the next packet that is to leave now; undefined: none. */
  pop(now: number): T | undefined {
    if (this.#queued === 0) return undefined
    this.#pay(now)
    const lane = this.#overdue(now) ?? (this.#debt < this.#burstBytes + 1 ? this.#first() : undefined)
    if (!lane) return undefined
    const bytes = lane.firstBytes
    this.#queued--
    this.#queuedBytes -= bytes
    this.#debt += bytes
    return lane.shift()
  }

  /** When the next packet that waits is to leave; Infinity: none waits. */
  nextTimeout(): number {
    if (this.#queued === 0) return Number.POSITIVE_INFINITY
    const affordable = this.#paidAt + Math.max(0, this.#debt - this.#burstBytes) / this.#rate
    let at = affordable
    for (const lane of this.#lanes) {
      if (lane.length > 0) at = Math.min(at, lane.firstAt + this.#longestWaitMs)
    }
    return at
  }

  /** Throws away what waits and no longer matters, of every lane. */
  removeIf(stale: (item: T) => boolean): void {
    for (const lane of this.#lanes) lane.removeIf(stale)
    this.#queued = this.#lanes.reduce((sum, lane) => sum + lane.length, 0)
    this.#queuedBytes = this.#lanes.reduce((sum, lane) => sum + lane.bytes, 0)
  }

  /** In bytes per ms: faster where the queue would otherwise outlast its bound. */
  get #rate(): number {
    return Math.max(this.#bytesPerMs, this.#queuedBytes / this.#longestWaitMs)
  }

  #pay(now: number): void {
    const elapsed = now - this.#paidAt
    if (elapsed <= 0) return
    this.#paidAt = now
    if (this.#debt > 0) this.#debt = Math.max(0, this.#debt - elapsed * this.#rate)
  }

  #goesFirst(lane: Lane): boolean {
    for (let i = 0; i <= lane; i++) if ((this.#lanes[i] as Queue<T>).length > 0) return false
    return true
  }

  #first(): Queue<T> | undefined {
    for (const lane of this.#lanes) if (lane.length > 0) return lane
    return undefined
  }

  #overdue(now: number): Queue<T> | undefined {
    for (const lane of this.#lanes) if (lane.length > 0 && lane.firstAt + this.#longestWaitMs <= now) return lane
    return undefined
  }
}

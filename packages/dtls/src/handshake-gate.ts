/** A handshake that is not done after so long is stalled: one that goes well takes three round trips. */
const stalledMs = 2_000

interface Handshake {
  readonly begunAt: number
  readonly giveWay: () => void
}

export interface GateLimits {
  /** Handshakes under way at once. */
  readonly most: number
  /** Of them, of one source. */
  readonly mostOfSource: number
}

/** A place inside the gate. Leaving twice is fine. */
export interface Place {
  leave(): void
}

/**
 * Bounds how many handshakes are under way at once: each holds some 50 kB and costs a third of a millisecond. Where there
 * is no room, the oldest that is stalled gives way: one of the same source, if that has too many, and else one of the source
 * that has most. So whoever begins thousands and finishes none stands in nobody's way but their own.
 */
export class HandshakeGate {
  readonly #limits: GateLimits
  /** Of each source the oldest first. */
  readonly #bySource = new Map<string | undefined, Set<Handshake>>()
  #inside = 0
  #refused = 0
  #gaveWay = 0

  constructor(limits: GateLimits) {
    for (const [name, limit] of Object.entries(limits)) {
      if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${name} must be 1 or more, not ${limit}`)
    }
    this.#limits = limits
  }

  /** Handshakes under way. */
  get inside(): number {
    return this.#inside
  }

  /** How often there was no room. */
  get refused(): number {
    return this.#refused
  }

  /** How many were given up for others. */
  get gaveWay(): number {
    return this.#gaveWay
  }

  /**
   * A place for one more; undefined: there is none, try again.
   * @param source Undefined: has no limit of its own.
   * @param giveWay Ends that handshake, and leaves.
   */
  enter(source: string | undefined, now: number, giveWay: () => void): Place | undefined {
    const crowd = this.#crowd(source)
    if (crowd && !this.#makeRoom(crowd, now)) {
      this.#refused++
      return undefined
    }
    const mine = this.#bySource.get(source) ?? new Set()
    this.#bySource.set(source, mine)
    const handshake = { begunAt: now, giveWay }
    mine.add(handshake)
    this.#inside++
    return { leave: () => this.#leave(source, handshake) }
  }

  /** Among whom somebody must give way; undefined: nobody has to. */
  #crowd(source: string | undefined): Set<Handshake> | undefined {
    const mine = source === undefined ? undefined : this.#bySource.get(source)
    if (mine && mine.size >= this.#limits.mostOfSource) return mine
    return this.#inside >= this.#limits.most ? this.#largest() : undefined
  }

  #leave(source: string | undefined, handshake: Handshake): void {
    const mine = this.#bySource.get(source)
    if (!mine?.delete(handshake)) return
    this.#inside--
    if (mine.size === 0) this.#bySource.delete(source)
  }

  #largest(): Set<Handshake> | undefined {
    let largest: Set<Handshake> | undefined
    for (const crowd of this.#bySource.values()) if (crowd.size > (largest?.size ?? 0)) largest = crowd
    return largest
  }

  #makeRoom(crowd: Set<Handshake>, now: number): boolean {
    const [oldest] = crowd
    if (!oldest || now - oldest.begunAt < stalledMs) return false
    this.#gaveWay++
    oldest.giveWay()
    return true
  }
}

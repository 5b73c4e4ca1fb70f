/** A handshake that is not done after so long has stalled: a healthy one takes three round trips. */
const stalledMs = 2_000

interface Handshake {
  readonly begunAt: number
  readonly giveWay: () => void
}

export interface GateLimits {
  /** How many handshakes may be under way at once. */
  readonly most: number
  /** How many of them may be one source's. */
  readonly mostOfSource: number
}

/** A place inside the gate. May be left twice. */
export interface Place {
  leave(): void
}

/**
 * Limits how many handshakes are under way at once, because each holds some 50 kB and costs a third of a millisecond. When
 * there is no room, the oldest stalled one gives way: one of the same source, if that has too many, else one of the source
 * that has the most. So whoever begins thousands and finishes none only keeps themselves out.
 */
export class HandshakeGate {
  readonly #limits: GateLimits
  /** By source, the oldest first. */
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

  /** How many were turned away because there was no room. */
  get refused(): number {
    return this.#refused
  }

  /** How many were ended to make room for others. */
  get gaveWay(): number {
    return this.#gaveWay
  }

  /**
   * Returns a place for one more; undefined if there is none: try again later.
   * @param source Who begins it. Undefined for somebody without a limit of their own.
   * @param giveWay Called to make room for another: must end the handshake and leave.
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

  /** The handshakes among which one must give way; undefined if there is room. */
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

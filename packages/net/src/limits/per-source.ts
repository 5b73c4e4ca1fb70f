import { sourceKey } from './source-key.ts'

/** Something that a source holds. Releasing twice is fine. */
export interface Hold {
  release(): void
}

/**
 * A budget for what can be held at a server: sockets, rooms, sessions, half-made handshakes. Anybody can make up
 * identities, so it goes by source address (see {@link sourceKey}); a source that is at its limit gets no more until it lets something go.
 * Without clock and sockets; memory is bounded by what is held.
 *
 * @example
 * const budget = new PerSource({ sockets: 512, rooms: 64 })
 * const hold = budget.take('192.0.2.1', 'sockets') // undefined beyond 512
 * socket.on('close', () => hold.release())
 */
export class PerSource<Kind extends string> {
  /** The most of each kind that one source may hold. */
  readonly limits: Readonly<Record<Kind, number>>
  readonly #held = new Map<string, Map<Kind, number>>()
  readonly #refused = new Map<Kind, number>()

  constructor(limits: Readonly<Record<Kind, number>>) {
    this.limits = limits
  }

  /**
   * Counts `amount` more (bytes, where the kind is counted in bytes). Undefined, and counted as refused, if the source would
   * then hold more than its limit.
   */
  take(address: string | Uint8Array, kind: Kind, amount = 1): Hold | undefined {
    const source = sourceKey(address)
    const held = this.#held.get(source) ?? new Map<Kind, number>()
    const total = (held.get(kind) ?? 0) + amount
    if (!(total <= this.limits[kind])) {
      this.#refused.set(kind, this.refused(kind) + 1)
      return undefined
    }
    held.set(kind, total)
    this.#held.set(source, held)
    let open = true
    return {
      release: () => {
        if (open) this.#give(source, kind, amount)
        open = false
      },
    }
  }

  /** What this source holds of a kind. */
  held(address: string | Uint8Array, kind: Kind): number {
    return this.#held.get(sourceKey(address))?.get(kind) ?? 0
  }

  /** How often a source was refused more of a kind; it only rises. */
  refused(kind: Kind): number {
    return this.#refused.get(kind) ?? 0
  }

  /** How many sources hold anything. */
  get sources(): number {
    return this.#held.size
  }

  #give(source: string, kind: Kind, amount: number): void {
    const held = this.#held.get(source)
    if (!held) return
    const rest = (held.get(kind) ?? 0) - amount
    if (rest > 0) held.set(kind, rest)
    else held.delete(kind)
    if (held.size === 0) this.#held.delete(source)
  }
}

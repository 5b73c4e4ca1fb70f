/**
 * - `next`: from the connection that ours talks to; handle it.
 * - `unknown`: from a connection never heard of; {@link SignalSequence.adopt} it if it may become the other end.
 * - `stale`: a repeat, or from a connection that has been replaced.
 */
export type Arrival = 'next' | 'unknown' | 'stale'

const remembered = 32

/** Sorts a peer's signals by the RTCPeerConnection they come from, and drops what came already. Pure. */
export class SignalSequence {
  #connection: string | undefined
  #last = -1
  readonly #retired = new Set<string>()

  /** The peer's connection that ours talks to; undefined until it is heard from. */
  get connection(): string | undefined {
    return this.#connection
  }

  accept(connection: string, seq: number): Arrival {
    if (this.#retired.has(connection)) return 'stale'
    if (connection !== this.#connection) return 'unknown'
    if (seq <= this.#last) return 'stale'
    this.#last = seq
    return 'next'
  }

  /** From now on this is the other end; what still comes from the one before is stale. */
  adopt(connection: string, seq: number): void {
    this.retire()
    this.#connection = connection
    this.#last = seq
  }

  /** Our end was replaced: the peer will answer with a new connection. */
  retire(): void {
    if (this.#connection === undefined) return
    this.#retired.add(this.#connection)
    for (const oldest of this.#retired) {
      if (this.#retired.size <= remembered) break
      this.#retired.delete(oldest)
    }
    this.#connection = undefined
    this.#last = -1
  }
}

/**
 * - `next`: the next signal of the connection that ours talks to; handle it.
 * - `unknown`: from a connection that is new to us; {@link SignalSequence.adopt} it if it may become the other end.
 * - `stale`: a repeat, or from a connection that has been replaced; drop it.
 */
export type Arrival = 'next' | 'unknown' | 'stale'

const remembered = 32

/** Tells which of a peer's signals to handle, by the RTCPeerConnection that they come from and their number. Pure. */
export class SignalSequence {
  #connection: string | undefined
  #last = -1
  readonly #retired = new Set<string>()

  /** The peer's connection that ours talks to; undefined until a signal of it has come. */
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

  /** Makes this connection the other end; signals of the one before are stale from now on. */
  adopt(connection: string, seq: number): void {
    this.retire()
    this.#connection = connection
    this.#last = seq
  }

  /** Our connection was replaced: the peer will answer with a new one as well. */
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

const remembered = 32

/**
 * Sorts the messages of an end that may repeat itself. `new` names a connection that was not heard of before; `stale` was received
 * already, or is about a connection that has ended.
 */
export class Arrivals {
  #connection: string | undefined
  #last = -1
  readonly #over = new Set<string>()

  get connection(): string | undefined {
    return this.#connection
  }

  accept(connection: string, seq: number): 'new' | 'next' | 'stale' {
    if (this.#over.has(connection)) return 'stale'
    if (connection !== this.#connection) return 'new'
    if (seq <= this.#last) return 'stale'
    this.#last = seq
    return 'next'
  }

  /** Makes this the current connection. The one before has ended. */
  adopt(connection: string, seq: number): void {
    this.end()
    this.#connection = connection
    this.#last = seq
  }

  end(): void {
    if (this.#connection === undefined) return
    this.#over.add(this.#connection)
    for (const oldest of this.#over) {
      if (this.#over.size <= remembered) break
      this.#over.delete(oldest)
    }
    this.#connection = undefined
    this.#last = -1
  }
}

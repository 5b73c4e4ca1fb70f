import type { Address } from '@parley/udp'

/**
 * Counts the streams of each source that have not proved yet to be somebody's, so that nobody takes all connections for
 * themselves. Of IPv6 the first 64 bits are one source, since one host has all of them.
 */
export class WaitingClients {
  readonly #perSource: number
  readonly #counts = new Map<string, number>()

  constructor(perSource: number) {
    this.#perSource = perSource
  }

  get sources(): number {
    return this.#counts.size
  }

  /** Counts one more; false if that would be too many. */
  enter(client: Address): boolean {
    const source = sourceOf(client)
    const count = this.#counts.get(source) ?? 0
    if (count >= this.#perSource) return false
    this.#counts.set(source, count + 1)
    return true
  }

  leave(client: Address): void {
    const source = sourceOf(client)
    const count = this.#counts.get(source) ?? 0
    if (count > 1) this.#counts.set(source, count - 1)
    else this.#counts.delete(source)
  }
}

function sourceOf(client: Address): string {
  return client.version === 4 ? client.host : client.bytes().subarray(0, 8).join()
}

const PORTS = 1 << 16
const BITS = 32
const WORDS = PORTS / BITS

/** Relay addresses that a registry tells apart. */
export const MOST_RELAY_ADDRESSES = 16

const BYTES = MOST_RELAY_ADDRESSES * WORDS * Int32Array.BYTES_PER_ELEMENT

/**
 * Which ports of this machine are relayed addresses, over all the servers that share it: one bit per port of each relay
 * address, which all of them number alike. By it servers in several threads relay to each other's clients, while nothing
 * else on the machine can be reached.
 *
 * @example
 * const registry = new RelayRegistry()
 * new Worker(entry, { workerData: registry.memory }) // there: new RelayRegistry(workerData)
 */
export class RelayRegistry {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array

  /** @param memory Another registry's. Throws RangeError if it cannot be that. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    if (memory.byteLength !== BYTES) throw new RangeError(`a registry has ${BYTES} bytes, not ${memory.byteLength}`)
    this.memory = memory
    this.#words = new Int32Array(memory)
  }

  /** @param address Its number, below {@link MOST_RELAY_ADDRESSES}. */
  has(address: number, port: number): boolean {
    return (Atomics.load(this.#words, wordOf(address, port)) & bitOf(port)) !== 0
  }

  add(address: number, port: number): void {
    Atomics.or(this.#words, wordOf(address, port), bitOf(port))
  }

  delete(address: number, port: number): void {
    Atomics.and(this.#words, wordOf(address, port), ~bitOf(port))
  }
}

function wordOf(address: number, port: number): number {
  return address * WORDS + (port >>> 5)
}

function bitOf(port: number): number {
  return 1 << (port & 31)
}

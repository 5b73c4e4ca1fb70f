import type { AddressFamily } from '@parley/stun'

const PORTS = 1 << 16
const BITS = 32
const WORDS = PORTS / BITS
const BYTES = 2 * WORDS * Int32Array.BYTES_PER_ELEMENT

/**
 * Which ports of this machine are relayed addresses, over all the servers that share it: one bit per port and family. By it
 * servers in several threads relay to each other's clients, while nothing else on the machine can be reached.
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

  has(family: AddressFamily, port: number): boolean {
    return (Atomics.load(this.#words, wordOf(family, port)) & bitOf(port)) !== 0
  }

  add(family: AddressFamily, port: number): void {
    Atomics.or(this.#words, wordOf(family, port), bitOf(port))
  }

  delete(family: AddressFamily, port: number): void {
    Atomics.and(this.#words, wordOf(family, port), ~bitOf(port))
  }
}

function wordOf(family: AddressFamily, port: number): number {
  return (family === 4 ? 0 : WORDS) + (port >>> 5)
}

function bitOf(port: number): number {
  return 1 << (port & 31)
}

const PORTS = 1 << 16
const BITS = 32
const WORDS = PORTS / BITS

/** How many relay addresses a registry can tell apart. */
export const MOST_RELAY_ADDRESSES = 16

const PORT_BYTES = MOST_RELAY_ADDRESSES * WORDS * Int32Array.BYTES_PER_ELEMENT
/** Of a client's address; an IPv4 address is kept as an IPv4-mapped one. */
const CLIENT_BYTES = 16
/** Some 17 MB, of which the system provides only what is written. */
const BYTES = PORT_BYTES + MOST_RELAY_ADDRESSES * PORTS * CLIENT_BYTES
/** RFC 4291 §2.5.5.2 */
const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)

/**
 * Which ports of this machine are relayed addresses, and of which clients, over all the servers that share it: one bit per
 * port of each relay address, which all of them number alike, and the client's address. By it servers in several threads
 * relay to each other's clients, while nothing else on the machine can be reached; and whoever is reached through a relay can
 * count by who stands behind it.
 *
 * @example
 * const registry = new RelayRegistry()
 * new Worker(entry, { workerData: registry.memory }) // there: new RelayRegistry(workerData)
 */
export class RelayRegistry {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #clients: Uint8Array

  /** @param memory Another registry's. Throws RangeError if it cannot be that. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    if (memory.byteLength !== BYTES) throw new RangeError(`a registry has ${BYTES} bytes, not ${memory.byteLength}`)
    this.memory = memory
    this.#words = new Int32Array(memory, 0, PORT_BYTES / Int32Array.BYTES_PER_ELEMENT)
    this.#clients = new Uint8Array(memory, PORT_BYTES)
  }

  /** @param address Its number, below {@link MOST_RELAY_ADDRESSES}. */
  has(address: number, port: number): boolean {
    return (Atomics.load(this.#words, wordOf(address, port)) & bitOf(port)) !== 0
  }

  /** The address of the client behind a port, 16 bytes; undefined if that is no relayed address. */
  clientAt(address: number, port: number): Uint8Array | undefined {
    if (!this.has(address, port)) return undefined
    const at = clientAt(address, port)
    return this.#clients.slice(at, at + CLIENT_BYTES)
  }

  /** @param client The address of whoever it is opened for, 4 or 16 bytes. */
  add(address: number, port: number, client: Uint8Array): void {
    const at = clientAt(address, port)
    if (client.length === 4) this.#clients.set(MAPPED, at)
    this.#clients.set(client, at + CLIENT_BYTES - client.length)
    Atomics.or(this.#words, wordOf(address, port), bitOf(port))
  }

  delete(address: number, port: number): void {
    Atomics.and(this.#words, wordOf(address, port), ~bitOf(port))
  }
}

function wordOf(address: number, port: number): number {
  return address * WORDS + (port >>> 5)
}

function clientAt(address: number, port: number): number {
  return (address * PORTS + port) * CLIENT_BYTES
}

function bitOf(port: number): number {
  return 1 << (port & 31)
}

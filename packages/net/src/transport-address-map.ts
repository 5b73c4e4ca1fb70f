import { byteAt, uint32At } from '@parley/bytes'

interface Entry<V> {
  readonly length: number
  readonly port: number
  readonly words: readonly [number, number, number, number]
  value: V
  next: Entry<V> | undefined
}

const addressBytes = 16
const randomTable = crypto.getRandomValues(new Int32Array((addressBytes + 2) * 256))

/**
 * A map from transport addresses to values whose look-up allocates nothing: the key is 4 or 16 address bytes somewhere in
 * a buffer (a receive slab, a socket address, {@link IpAddress.bytes}) and a port. For addresses alone, use one port.
 * Hashing is by tabulation with random tables, so nobody can choose addresses that collide.
 *
 * @example
 * const clients = new TransportAddressMap<Client>()
 * clients.set(address.bytes, 0, 4, 3478, client)
 * clients.get(slab, sockaddr + 4, 4, 3478)
 */
export class TransportAddressMap<V> {
  readonly #chains = new Map<number, Entry<V>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(bytes: Uint8Array, offset: number, length: number, port: number): V | undefined {
    return find(this.#chains.get(hash(bytes, offset, length, port)), bytes, offset, length, port)?.value
  }

  set(bytes: Uint8Array, offset: number, length: number, port: number, value: V): void {
    if (length !== 4 && length !== addressBytes) throw new RangeError(`An address has 4 or 16 bytes, not ${length}`)
    const key = hash(bytes, offset, length, port)
    const chain = this.#chains.get(key)
    const entry = find(chain, bytes, offset, length, port)
    if (entry) entry.value = value
    else {
      const words = [0, 1, 2, 3].map(i => wordAt(bytes, offset, length, i)) as [number, number, number, number]
      this.#chains.set(key, { length, port, words, value, next: chain })
      this.#size++
    }
  }

  /** Whether there was something to delete. */
  delete(bytes: Uint8Array, offset: number, length: number, port: number): boolean {
    const key = hash(bytes, offset, length, port)
    const chain = this.#chains.get(key)
    const entry = find(chain, bytes, offset, length, port)
    if (!chain || !entry) return false
    const rest = without(chain, entry)
    if (rest) this.#chains.set(key, rest)
    else this.#chains.delete(key)
    this.#size--
    return true
  }

  *values(): IterableIterator<V> {
    for (const chain of this.#chains.values()) {
      for (let entry: Entry<V> | undefined = chain; entry; entry = entry.next) yield entry.value
    }
  }

  clear(): void {
    this.#chains.clear()
    this.#size = 0
  }
}

function hash(bytes: Uint8Array, offset: number, length: number, port: number): number {
  let value = randomAt(addressBytes, port >>> 8) ^ randomAt(addressBytes + 1, port & 0xff)
  for (let i = 0; i < length; i++) value ^= randomAt(i, byteAt(bytes, offset + i))
  return value
}

function randomAt(position: number, byte: number): number {
  return randomTable[(position << 8) | byte] ?? 0
}

/** 0 for the words that an IPv4 address does not have. */
function wordAt(bytes: Uint8Array, offset: number, length: number, i: number): number {
  return 4 * i < length ? uint32At(bytes, offset + 4 * i) | 0 : 0
}

function find<V>(chain: Entry<V> | undefined, bytes: Uint8Array, offset: number, length: number, port: number) {
  for (let entry = chain; entry; entry = entry.next) {
    if (entry.port === port && entry.length === length && sameWords(entry.words, bytes, offset, length)) return entry
  }
  return undefined
}

function sameWords(words: Entry<unknown>['words'], bytes: Uint8Array, offset: number, length: number): boolean {
  if (words[0] !== wordAt(bytes, offset, length, 0)) return false
  return (
    length === 4 ||
    (words[1] === wordAt(bytes, offset, length, 1) &&
      words[2] === wordAt(bytes, offset, length, 2) &&
      words[3] === wordAt(bytes, offset, length, 3))
  )
}

/** The chain without one of its entries. */
function without<V>(chain: Entry<V>, entry: Entry<V>): Entry<V> | undefined {
  if (chain === entry) return chain.next
  for (let before = chain; before.next; before = before.next) {
    if (before.next === entry) {
      before.next = entry.next
      break
    }
  }
  return chain
}

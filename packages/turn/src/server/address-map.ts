import type { Address } from '@parley/udp'

interface Entry<V> {
  readonly address: Address
  value: V
  next: Entry<V> | undefined
}

/** A map from addresses to values whose look-up allocates nothing. */
export class AddressMap<V> {
  readonly #chains = new Map<number, Entry<V>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(address: Address): V | undefined {
    for (let entry = this.#chains.get(address.hash); entry; entry = entry.next) {
      if (entry.address.equals(address)) return entry.value
    }
    return undefined
  }

  set(address: Address, value: V): void {
    const chain = this.#chains.get(address.hash)
    for (let entry = chain; entry; entry = entry.next) {
      if (entry.address.equals(address)) {
        entry.value = value
        return
      }
    }
    this.#chains.set(address.hash, { address, value, next: chain })
    this.#size++
  }

  delete(address: Address): void {
    const kept: Entry<V>[] = []
    let found = false
    for (let entry = this.#chains.get(address.hash); entry; entry = entry.next) {
      if (entry.address.equals(address)) found = true
      else kept.push(entry)
    }
    if (!found) return
    this.#size--
    const chain = kept.reduceRight<Entry<V> | undefined>((next, entry) => Object.assign(entry, { next }), undefined)
    if (chain) this.#chains.set(address.hash, chain)
    else this.#chains.delete(address.hash)
  }

  clear(): void {
    this.#chains.clear()
    this.#size = 0
  }
}

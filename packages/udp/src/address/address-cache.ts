import { Address } from './address.ts'
import { isIPv6Name, word } from './sockaddr.ts'

const SETS = 2048
const WAYS = 4

/**
 * Turns the sockaddr of each datagram into an {@link Address} without making a new one for an address seen lately. Of
 * fixed size: a flood of forged addresses costs garbage, not memory.
 */
export class AddressCache {
  readonly #entries: (Address | undefined)[] = new Array(SETS * WAYS).fill(undefined)
  #next = 0

  /** The address in the sockaddr that begins at `words[at]`. */
  read(words: Int32Array, at: number): Address {
    const set = this.#set(words, at)
    for (let way = 0; way < WAYS; way++) {
      const entry = this.#entries[set + way]
      if (entry?.matches(words, at)) return entry
    }
    const address = Address.read(words, at)
    this.#next = (this.#next + 1) % WAYS
    this.#entries[set + this.#next] = address
    return address
  }

  #set(words: Int32Array, at: number): number {
    const v6 = isIPv6Name(words[at] as number)
    const near = words[at + (v6 ? word.addr6 + 3 : word.addr)] as number
    const far = v6 ? (words[at + word.addr6 + 1] as number) ^ (words[at + word.addr6 + 2] as number) : 0
    let hash = Math.imul((words[at] as number) ^ near, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15) ^ far, 0x85ebca6b)
    return ((hash ^ (hash >>> 13)) & (SETS - 1)) * WAYS
  }
}

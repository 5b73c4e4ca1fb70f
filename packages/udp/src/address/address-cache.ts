import { Address } from './address.ts'
import { isIPv6Name, mix, word } from './sockaddr.ts'

const SETS = 2048
const WAYS = 4

/**
 * Turns the sockaddr of each datagram into an {@link Address}, without making a new one if it was seen recently. Its size is
 * fixed, so a flood of forged addresses makes garbage but takes no memory.
 */
export class AddressCache {
  readonly #entries: (Address | undefined)[] = new Array(SETS * WAYS).fill(undefined)

  /** The address in the sockaddr that begins at `words[at]`. */
  read(words: Int32Array, at: number): Address {
    const entries = this.#entries
    const first = this.#set(words, at)
    const last = first + WAYS - 1
    for (let place = first; place <= last; place++) {
      const entry = entries[place]
      if (!entry) return this.#keep(place, Address.read(words, at))
      if (!entry.matches(words, at)) continue
      // Each hit moves an entry up by one place, and newcomers replace only the last, so frequent addresses stay.
      if (place > first) {
        entries[place] = entries[place - 1]
        entries[place - 1] = entry
      }
      return entry
    }
    return this.#keep(last, Address.read(words, at))
  }

  #keep(place: number, address: Address): Address {
    this.#entries[place] = address
    return address
  }

  #set(words: Int32Array, at: number): number {
    const v6 = isIPv6Name(words[at] as number)
    const near = words[at + (v6 ? word.addr6 + 3 : word.addr)] as number
    const far = v6 ? (words[at + word.addr6 + 1] as number) ^ (words[at + word.addr6 + 2] as number) : 0
    return (mix(mix(mix(0, words[at] as number), near), far) & (SETS - 1)) * WAYS
  }
}

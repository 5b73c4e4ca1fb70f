import { randomBytes } from 'node:crypto'
import type { Address } from '@parley/udp'

const SLOTS = 1 << 14

/**
 * At most so many error replies a second to each source address, whatever port it says: who is being flooded in somebody
 * else's name gets a trickle. Of fixed size; addresses that fall into one slot share it.
 */
export class ErrorLimiter {
  readonly #perSecond: number
  readonly #counts = new Uint16Array(SLOTS)
  readonly #seconds = new Float64Array(SLOTS)
  readonly #seed = randomBytes(4).readInt32LE()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Whether one more error may go to this source now; counts it if so. */
  allow(source: Address, now: number): boolean {
    const slot = this.#slot(source)
    const second = Math.floor(now / 1000)
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second
      this.#counts[slot] = 0
    }
    const count = this.#counts[slot] ?? 0
    if (count >= this.#perSecond) return false
    this.#counts[slot] = count + 1
    return true
  }

  /** By address without port; of IPv6 the first 64 bits, which one host has all of. */
  #slot(source: Address): number {
    const bytes = source.bytes()
    let hash = this.#seed
    for (let i = 0; i < Math.min(bytes.length, 8); i++) {
      hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
      hash ^= hash >>> 15
    }
    return hash & (SLOTS - 1)
  }
}

import { randomBytes } from 'node:crypto'
import { sourceBytes } from '@parley/net'
import type { Address } from '@parley/udp'

const SLOTS = 1 << 14
/** Replies that are up to so many times as large as the request are of no use to attackers; QUIC draws the same line. */
const FACTOR = 3
/** How much more than that may go to one source address. */
const BYTES_PER_SECOND = 16_384

/**
 * What may be sent to an address that has not proved to be the sender's (RFC 9000 §8.1 has the same rule): as many replies
 * as there are requests, as long as they are small; of larger ones so many bytes a second to each source address, whatever
 * port it says. So flooding in somebody else's name gains nothing, and small replies still reach whoever is really there.
 * Of fixed size; addresses that fall into one slot share it.
 */
export class ReflectionLimit {
  readonly #spent = new Uint32Array(SLOTS)
  readonly #seconds = new Float64Array(SLOTS)
  readonly #seed = randomBytes(4).readInt32LE()

  /** Whether this reply may go to `source` now; counts it if so. Sizes in bytes, `now` in milliseconds. */
  allow(source: Address, requestBytes: number, replyBytes: number, now: number): boolean {
    const beyond = replyBytes - FACTOR * requestBytes
    if (beyond <= 0) return true
    const slot = this.#slot(source)
    const second = Math.floor(now / 1000)
    const spent = this.#seconds[slot] === second ? (this.#spent[slot] ?? 0) : 0
    if (spent + beyond > BYTES_PER_SECOND) return false
    this.#seconds[slot] = second
    this.#spent[slot] = spent + beyond
    return true
  }

  /** What `sourceKey` counts as one source has one slot, whatever its ports. */
  #slot(source: Address): number {
    let hash = this.#seed
    for (const byte of sourceBytes(source.bytes())) {
      hash = Math.imul(hash ^ byte, 0x01000193)
      hash ^= hash >>> 15
    }
    return hash & (SLOTS - 1)
  }
}

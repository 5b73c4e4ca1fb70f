import { uint32At } from '@parley/bytes'
import type { Address } from '@parley/udp'

const most = 32
/** How many 32-bit words a transaction ID has (RFC 8489 §5). */
const words = 3

/**
 * The latest checks of a peer, and where each came from. A check that arrives again from another address was overheard and
 * replayed; answering it would send media wherever an attacker likes. The memory is reused, because peers check for as long as
 * they stay, and strings that live for a minute would fill the old generation of the heap.
 */
export class RecentChecks {
  readonly #ids = new Uint32Array(most * words)
  readonly #senders: Address[] = []
  #next = 0

  /** Whether this transaction was seen from another address. Remembers it if it is new. */
  isReplay(transactionId: Uint8Array, from: Address): boolean {
    const [a, b, c] = [uint32At(transactionId, 0), uint32At(transactionId, 4), uint32At(transactionId, 8)]
    const ids = this.#ids
    for (let i = 0; i < this.#senders.length; i++) {
      const at = i * words
      if (ids[at] === a && ids[at + 1] === b && ids[at + 2] === c) return !this.#senders[i]?.equals(from)
    }
    const at = this.#next * words
    ids[at] = a
    ids[at + 1] = b
    ids[at + 2] = c
    this.#senders[this.#next] = from
    this.#next = (this.#next + 1) % most
    return false
  }
}

import { uint32At } from '@parley/bytes'
import type { Address } from '@parley/udp'

const most = 32
/** Of a transaction id: 96 bits (RFC 8489 §5). */
const words = 3

/**
 * The last checks of a peer, and where each came from. One that comes again from another address was overheard on its way:
 * answering it would turn media to wherever its forger likes. Every peer checks for as long as it stays, so what is
 * remembered lies in one place and is written over: text that lives for a minute is what fills an old generation.
 */
export class RecentChecks {
  readonly #ids = new Uint32Array(most * words)
  readonly #senders: Address[] = []
  #next = 0

  /** Whether this transaction was seen from another address; remembers it otherwise. */
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

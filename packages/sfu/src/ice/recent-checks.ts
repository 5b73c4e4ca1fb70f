import { toHex } from '@parley/bytes'
import type { Address } from '@parley/udp'

const most = 32

/**
 * The last checks of a peer, and where each came from. One that comes again from another address was overheard on its way:
 * answering it would turn media to wherever its forger likes.
 */
export class RecentChecks {
  readonly #senders = new Map<string, Address>()

  /** Whether this transaction was seen from another address; remembers it otherwise. */
  isReplay(transactionId: Uint8Array, from: Address): boolean {
    const id = toHex(transactionId)
    const sender = this.#senders.get(id)
    if (sender) return !sender.equals(from)
    this.#senders.set(id, from)
    if (this.#senders.size > most) for (const oldest of this.#senders.keys()) return this.#forget(oldest)
    return false
  }

  #forget(id: string): false {
    this.#senders.delete(id)
    return false
  }
}

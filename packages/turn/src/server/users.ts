import { sourceKey } from '@parley/net'
import type { Address } from '@parley/udp'
import { type Entries, type Most, QuotaBoard } from './quota-board.ts'

/** Somebody who has an allocation. */
export interface User {
  readonly name: string
  /** On the quota board. */
  readonly entries: Entries
}

/** Allocations of one user, of one source address (IPv6: of one /64), and altogether; 0: no limit. */
export interface Quotas extends Most {
  /** Of one user, both directions together, in bit/s; 0: no limit. */
  readonly bandwidthBps: number
}

/**
 * Permissions and channels of all the allocations of one source: 128 people who have six allocations each and a permission
 * and a channel for each of twenty addresses of others.
 */
const MAX_PEERS_OF_SOURCE = 32_768

/** Enforces the quotas of users and of the addresses that they come from. */
export class Users {
  readonly #quotas: Quotas
  readonly #bytesPerSecond: number
  readonly #board: QuotaBoard

  constructor(quotas: Quotas, board: QuotaBoard = new QuotaBoard()) {
    this.#quotas = quotas
    this.#bytesPerSecond = quotas.bandwidthBps / 8
    this.#board = board
  }

  /** Counts one more allocation; undefined if that would be too many. `now` in milliseconds. */
  enter(name: string, from: Address, now: number): User | undefined {
    const entries = this.#board.enter(name, sourceKey(from.bytes()), this.#quotas, now)
    return entries && { name, entries }
  }

  leave({ entries }: User): void {
    this.#board.leave(entries)
  }

  /** Whether anybody, or just this user's source, is to give up an allocation for others. */
  owes(user?: User): boolean {
    return this.#board.owes(user?.entries.source)
  }

  /** Counts so many more permissions and channels (below 0: fewer); false if the user's source has too many then. */
  hold({ entries }: User, peers: number): boolean {
    return this.#board.hold(entries.source, peers, MAX_PEERS_OF_SOURCE)
  }

  /** Whether so many bytes of a user's may pass now; counts them if so. `now` in milliseconds. */
  take({ entries }: User, bytes: number, now: number): boolean {
    return this.#bytesPerSecond === 0 || this.#board.take(entries.user, bytes, this.#bytesPerSecond, now)
  }

  /** How many of so many bytes may pass now, at least a thousand of them if any; counts them. `now` in milliseconds. */
  admit({ entries }: User, bytes: number, now: number): number {
    if (this.#bytesPerSecond === 0) return bytes
    return this.#board.takeSome(entries.user, bytes, Math.min(bytes, 1000), this.#bytesPerSecond, now)
  }
}

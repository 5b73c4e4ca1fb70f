import { sourceKey } from '@parley/net'
import type { Address } from '@parley/udp'
import { type Most, type Places, QuotaBoard } from './quota-board.ts'

/** Whom quotas count for. */
export interface User {
  readonly name: string
  /** On the board. */
  readonly places: Places
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
export const MAX_PEERS_OF_SOURCE = 32_768

/** Holds users, and the addresses from which they come, to their quotas. */
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
    const places = this.#board.enter(name, sourceKey(from.bytes()), this.#quotas, now)
    return places && { name, places }
  }

  leave({ places }: User): void {
    this.#board.leave(places)
  }

  /** Whether anybody, or just this user's source, is to give up an allocation for others. */
  owes(user?: User): boolean {
    return this.#board.owes(user?.places.source)
  }

  /** Counts so many more permissions and channels (below 0: fewer); false if the user's source has too many then. */
  hold({ places }: User, peers: number): boolean {
    return this.#board.hold(places.source, peers, MAX_PEERS_OF_SOURCE)
  }

  /** Whether so many bytes of a user's may pass now; counts them if so. `now` in milliseconds. */
  take({ places }: User, bytes: number, now: number): boolean {
    return this.#bytesPerSecond === 0 || this.#board.take(places.user, bytes, this.#bytesPerSecond, now)
  }

  /** How many of so many bytes may pass now, at least a thousand of them if any; counts them. `now` in milliseconds. */
  admit({ places }: User, bytes: number, now: number): number {
    if (this.#bytesPerSecond === 0) return bytes
    return this.#board.takeSome(places.user, bytes, Math.min(bytes, 1000), this.#bytesPerSecond, now)
  }
}

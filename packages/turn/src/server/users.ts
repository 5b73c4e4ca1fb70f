import { QuotaBoard } from './quota-board.ts'

/** Whom quotas count for. */
export interface User {
  readonly name: string
  /** On the board. */
  readonly place: number
}

export interface Quotas {
  /** Allocations of one user; 0: no limit. */
  readonly perUser: number
  /** Allocations altogether; 0: no limit. */
  readonly total: number
  /** Of one user, both directions together, in bit/s; 0: no limit. */
  readonly bandwidthBps: number
}

/** Holds users to their quotas. */
export class Users {
  readonly #quotas: Quotas
  readonly #bytesPerSecond: number
  readonly #board: QuotaBoard

  constructor(quotas: Quotas, board: QuotaBoard = new QuotaBoard()) {
    this.#quotas = quotas
    this.#bytesPerSecond = quotas.bandwidthBps / 8
    this.#board = board
  }

  /** Counts one more allocation; undefined if that would be too many. */
  enter(name: string): User | undefined {
    const place = this.#board.enter(name, this.#quotas.perUser, this.#quotas.total)
    return place === undefined ? undefined : { name, place }
  }

  leave(user: User): void {
    this.#board.leave(user.place)
  }

  /** Whether so many bytes of a user's may pass now; counts them if so. `now` in milliseconds. */
  take({ place }: User, bytes: number, now: number): boolean {
    return this.#bytesPerSecond === 0 || this.#board.take(place, bytes, this.#bytesPerSecond, now)
  }

  /** How many of so many bytes may pass now, at least a thousand of them if any; counts them. `now` in milliseconds. */
  admit({ place }: User, bytes: number, now: number): number {
    if (this.#bytesPerSecond === 0) return bytes
    return this.#board.takeSome(place, bytes, Math.min(bytes, 1000), this.#bytesPerSecond, now)
  }
}

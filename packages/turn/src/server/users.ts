import { TokenBucket } from './token-bucket.ts'

/** Whom quotas count for. */
export interface User {
  readonly name: string
  allocations: number
  /** Undefined: no limit. */
  readonly bandwidth: TokenBucket | undefined
}

export interface Quotas {
  /** Allocations of one user; 0: no limit. */
  readonly perUser: number
  /** Allocations altogether; 0: no limit. */
  readonly total: number
  /** Of one user, both directions together, in bit/s; 0: no limit. */
  readonly bandwidthBps: number
}

/** Counts who has how much. Users without an allocation are forgotten. */
export class Users {
  readonly #quotas: Quotas
  readonly #users = new Map<string, User>()
  #total = 0

  constructor(quotas: Quotas) {
    this.#quotas = quotas
  }

  get allocations(): number {
    return this.#total
  }

  /** Counts one more allocation; undefined if that would be too many. */
  enter(name: string, now: number): User | undefined {
    const { perUser, total } = this.#quotas
    const user = this.#users.get(name) ?? this.#create(name, now)
    if ((perUser > 0 && user.allocations >= perUser) || (total > 0 && this.#total >= total)) return undefined
    this.#users.set(name, user)
    user.allocations++
    this.#total++
    return user
  }

  leave(user: User): void {
    this.#total--
    if (--user.allocations === 0) this.#users.delete(user.name)
  }

  #create(name: string, now: number): User {
    const bytesPerSecond = this.#quotas.bandwidthBps / 8
    const bandwidth = bytesPerSecond > 0 ? new TokenBucket(bytesPerSecond, bytesPerSecond, now) : undefined
    return { name, allocations: 0, bandwidth }
  }
}

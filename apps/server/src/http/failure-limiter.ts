import { sourceKey } from '@parley/net'

interface Failures {
  count: number
  readonly until: number
}

export interface FailureLimits {
  /** Failures that are answered within `windowMs`; then nothing until it is over. */
  readonly failures: number
  readonly windowMs: number
  /** Addresses remembered; beyond it the oldest are forgotten. */
  readonly addresses: number
}

/** Counts failed attempts by address, an IPv6 network (/64) being one. Pure: `now` is in milliseconds. */
export class FailureLimiter {
  readonly #limits: FailureLimits
  readonly #byNetwork = new Map<string, Failures>()

  constructor(limits: FailureLimits = { failures: 10, windowMs: 60_000, addresses: 10_000 }) {
    this.#limits = limits
  }

  /** How long this address has to wait, in milliseconds; 0 when it may try. */
  waitMs(address: string, now: number): number {
    const entry = this.#byNetwork.get(sourceKey(address))
    return entry && entry.count >= this.#limits.failures ? Math.max(0, entry.until - now) : 0
  }

  failed(address: string, now: number): void {
    const network = sourceKey(address)
    const entry = this.#byNetwork.get(network)
    if (entry && entry.until > now) {
      entry.count += 1
      return
    }
    this.#byNetwork.delete(network)
    this.#byNetwork.set(network, { count: 1, until: now + this.#limits.windowMs })
    const [oldest] = this.#byNetwork.keys()
    if (this.#byNetwork.size > this.#limits.addresses && oldest !== undefined) this.#byNetwork.delete(oldest)
  }
}

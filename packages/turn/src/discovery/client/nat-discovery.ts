import type { Address } from '@parley/udp'
import { BindingLifetime, type LifetimeOutcome } from './binding-lifetime.ts'
import { type DiscoveryFindings, judge } from './judge.ts'
import { type Servers, type TestName, testNames, tests } from './tests.ts'
import {
  discoveryRetransmission,
  type Outcome,
  type Retransmission,
  type StrayCounters,
  Transactions,
} from './transactions.ts'

export interface NatDiscoveryOptions extends Servers {
  /** Sends from the local port of that name; a new name is a new port. The bytes stay as they are. */
  readonly send: (port: string, bytes: Uint8Array, to: Address) => void
  /** The address of a local port, as this machine knows it: to see whether anything translates it. */
  readonly local: (port: string) => Address
  /** Called once, with everything that was found. */
  readonly done: (findings: DiscoveryFindings) => void
  /** Whether to find out, too, how long an unused binding lives. Takes minutes. */
  readonly lifetime?: boolean
  readonly retransmission?: Retransmission
}

/**
 * Finds out how the NATs in front of this machine behave (RFC 5780), the client's side. Pure: no sockets, no timers;
 * `now` is in milliseconds. Without `lifetime` it is done within two rounds of tests, 8 s by the default schedule.
 *
 * @example
 * const discovery = new NatDiscovery({ server, send, local, done: findings => print(findings) })
 * discovery.start(now)
 */
export class NatDiscovery {
  readonly #options: NatDiscoveryOptions
  readonly #transactions: Transactions
  readonly #outcomes: Partial<Record<TestName, Outcome>> = {}
  readonly #begun = new Set<TestName>()
  #lifetime: BindingLifetime | undefined
  #done = false

  constructor(options: NatDiscoveryOptions) {
    this.#options = options
    const { send, retransmission = discoveryRetransmission } = options
    this.#transactions = new Transactions({ send, retransmission })
  }

  /** What came in and was dropped. */
  get stray(): Readonly<StrayCounters> {
    return this.#transactions.stray
  }

  /** Begins. To be called once. */
  start(now: number): void {
    this.#advance(now)
  }

  /** Takes a datagram that came in at the local port of that name. */
  receive(port: string, bytes: Uint8Array, from: Address, now: number): void {
    if (!this.#done) this.#transactions.receive(port, bytes, from, now)
  }

  /** Infinity when there is nothing to wait for. */
  nextTimeout(): number {
    if (this.#done) return Number.POSITIVE_INFINITY
    return Math.min(this.#transactions.nextTimeout(), this.#lifetime?.nextTimeout() ?? Number.POSITIVE_INFINITY)
  }

  handleTimeout(now: number): void {
    if (this.#done) return
    this.#transactions.handleTimeout(now)
    this.#lifetime?.handleTimeout(now)
  }

  /** Begins every test that can be made now; what cannot be made any more counts as begun. */
  #advance(now: number): void {
    for (const name of testNames) {
      const { after, ask } = tests[name]
      if (this.#begun.has(name) || !after.every(before => this.#outcomes[before])) continue
      this.#begun.add(name)
      const asked = ask({ ...this.#options, outcomes: this.#outcomes })
      if (asked === undefined) continue
      this.#transactions.start(asked, now, (outcome, at) => {
        this.#outcomes[name] = outcome
        this.#advance(at)
      })
    }
    if (this.#transactions.size > 0 || this.#lifetime) return
    if (this.#options.lifetime && this.#outcomes.binding?.is === 'answer') this.#measureLifetime(now)
    else this.#finish(undefined)
  }

  #measureLifetime(now: number): void {
    const transactions = this.#transactions
    const { server } = this.#options
    this.#lifetime = new BindingLifetime({ server, transactions, done: outcome => this.#finish(outcome) })
    this.#lifetime.start(now)
  }

  #finish(lifetime: LifetimeOutcome | undefined): void {
    if (this.#done) return
    this.#done = true
    const { server, second, local } = this.#options
    const observed = { server, ...(second && { second }), outcomes: this.#outcomes, local }
    this.#options.done(judge({ ...observed, ...(lifetime && { lifetime }) }))
  }
}

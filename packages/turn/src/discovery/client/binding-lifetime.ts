import type { Why } from '@parley/nat'
import type { Address } from '@parley/udp'
import { mappedAddress } from './tests.ts'
import type { Outcome, Transactions } from './transactions.ts'

export type LifetimeOutcome =
  /** Alive after `atLeastS` seconds unused; gone after `lessThanS`, undefined: alive to the end of the test. */
  | { readonly is: 'lifetime'; readonly atLeastS: number; readonly lessThanS: number | undefined }
  | { readonly is: 'unknown'; readonly why: Why }

/** After how many seconds the bindings are tried, each its own: RFC 4787 REQ-5 wants more than 120, better 300. */
const lifetimesTriedS = [15, 25, 35, 45, 60, 90, 120, 180, 240, 300] as const

interface BindingLifetimeOptions {
  readonly server: Address
  readonly transactions: Transactions
  readonly done: (outcome: LifetimeOutcome) => void
}

interface Binding {
  readonly seconds: number
  readonly port: string
  readonly mapped: Address
}

const askingPort = 'lifetime'

/**
 * How long a binding lives that nobody uses (RFC 5780 §4.6). Each length of time has a binding of its own, all made at
 * the beginning; when its time has come, another port asks the server to answer to it (RESPONSE-PORT). So the whole
 * takes no longer than the longest, and a test never refreshes what another measures. Pure: no sockets, no timers.
 */
export class BindingLifetime {
  readonly #options: BindingLifetimeOptions
  readonly #bindings: Binding[] = []
  #opening = 0
  #aliveS = 0
  #startedAt = 0
  #next = Number.POSITIVE_INFINITY

  constructor(options: BindingLifetimeOptions) {
    this.#options = options
  }

  /** Opens the bindings; one of 0 seconds shows whether the server does what is needed. */
  start(now: number): void {
    this.#startedAt = now
    for (const seconds of [0, ...lifetimesTriedS]) {
      const port = `lifetime ${seconds}`
      this.#opening++
      this.#options.transactions.start({ port, to: this.#options.server }, now, (outcome, at) => {
        this.#opening--
        const mapped = mappedAddress(outcome)
        if (mapped) this.#bindings.push({ seconds, port, mapped })
        if (this.#opening === 0) this.#opened(at)
      })
    }
  }

  nextTimeout(): number {
    return this.#next
  }

  handleTimeout(now: number): void {
    if (now < this.#next) return
    const binding = this.#bindings.shift()
    if (binding) this.#try(binding, now)
  }

  #opened(now: number): void {
    this.#bindings.sort((one, other) => one.seconds - other.seconds)
    const [first] = this.#bindings
    if (first?.seconds === 0) this.#schedule(now)
    else this.#unknown('no-first-answer')
  }

  #schedule(now: number): void {
    const [binding] = this.#bindings
    // Counted from where every binding was in use for the last time, at the latest.
    if (binding) this.#next = binding.seconds === 0 ? now : this.#startedAt + binding.seconds * 1000
    else this.#options.done({ is: 'lifetime', atLeastS: this.#aliveS, lessThanS: undefined })
  }

  #try({ seconds, port, mapped }: Binding, now: number): void {
    this.#next = Number.POSITIVE_INFINITY
    const { server, transactions } = this.#options
    const ask = { port: askingPort, to: server, responsePort: mapped.port, answerAt: port }
    transactions.start(ask, now, (outcome, at) => this.#tried(seconds, outcome, at))
  }

  #tried(seconds: number, outcome: Outcome, now: number): void {
    if (outcome.is === 'answer') {
      if (seconds === 0) this.#startedAt = now
      this.#aliveS = seconds
      this.#schedule(now)
    } else if (seconds > 0 && outcome.is === 'silence') {
      this.#options.done({ is: 'lifetime', atLeastS: this.#aliveS, lessThanS: seconds })
    } else {
      this.#unknown('no-response-port')
    }
  }

  #unknown(why: Why): void {
    this.#options.done({ is: 'unknown', why })
  }
}

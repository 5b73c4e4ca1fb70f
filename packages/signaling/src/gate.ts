import type { IncomingMessage } from 'node:http'
import { sourceKey, TokenBucket } from '@parley/net'
import { AppError, type ErrorCode } from '@parley/protocol'
import type { Holdings } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import type { SignalingOptions } from './options.ts'
import type { Clock, Observer } from './ports.ts'

export interface GateOptions extends Pick<SignalingOptions, 'allowOrigin' | 'clientAddress'> {
  readonly limits: Pick<SignalingLimits, 'connectionsPerAddress' | 'queuePerAddress' | 'wireMessages' | 'wireBytes'>
  readonly holdings: Holdings
  readonly clock: Clock
  readonly observer: Observer
}

/** An open connection. */
export interface GateEntry {
  /** The address that limits count by. */
  readonly source: string
  /** Whether its address has more connections than it may. */
  readonly crowded: boolean
  /** Counts a message. False: they come too fast, which has been reported, and the connection is to be closed. */
  came(bytes: number): boolean
  /** Whether too many bytes wait for all connections of its address together. */
  owedTooMuch(): boolean
  /** The connection is closed. */
  leave(): void
}

/** Decides who may connect at all, before anything is known but the request. Shared by Socket.IO and the relay. */
export class Gate {
  readonly #options: GateOptions
  /** By source: for each of its connections, how many bytes wait for it. */
  readonly #owed = new Map<string, Set<() => number>>()
  #closed = false

  constructor(options: GateOptions) {
    this.#options = options
  }

  /** Whether pages of the request's origin may talk to us. Clients that are not browsers send no origin, and may. */
  knowsOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin === undefined || this.#options.allowOrigin(headers.origin, headers.host)
  }

  /**
   * Why a connection is refused, or undefined.
   * @param spare How many connections over the limit are still let in, so that they can be told why in a better way.
   */
  refusal(request: IncomingMessage, spare = 0): AppError | undefined {
    const code = this.#judge(request, spare)
    if (code === undefined) return undefined
    this.refused(code, request)
    return new AppError(code)
  }

  refused(code: ErrorCode, request: IncomingMessage): void {
    this.#options.observer.refused(code, this.#options.clientAddress(request))
  }

  /**
   * Counts a connection that is open now.
   * @param owed How many bytes wait for its client.
   */
  enter(request: IncomingMessage, owed: () => number): GateEntry {
    const { holdings, limits, clock } = this.#options
    const source = this.#options.clientAddress(request)
    const hold = holdings.take(source, 'sockets')
    const key = sourceKey(source)
    const siblings = this.#owed.get(key) ?? new Set()
    this.#owed.set(key, siblings.add(owed))
    const messages = new TokenBucket(limits.wireMessages, clock.now())
    const bytes = new TokenBucket(limits.wireBytes, clock.now())
    return {
      source,
      crowded: !hold || holdings.held(source, 'sockets') > limits.connectionsPerAddress,
      came: length => {
        const now = clock.now()
        if (messages.take(now) && bytes.take(now, length)) return true
        this.refused('rate-limited', request)
        return false
      },
      owedTooMuch() {
        let total = 0
        for (const one of siblings) total += one()
        return total > limits.queuePerAddress
      },
      leave: () => {
        hold?.release()
        siblings.delete(owed)
        if (siblings.size === 0 && this.#owed.get(key) === siblings) this.#owed.delete(key)
      },
    }
  }

  /** Refuses everybody from now on. */
  close(): void {
    this.#closed = true
  }

  #judge(request: IncomingMessage, spare: number): ErrorCode | undefined {
    if (this.#closed) return 'server-stopping'
    if (!this.knowsOrigin(request)) return 'origin-refused'
    const { clientAddress, limits, holdings } = this.#options
    const full = holdings.held(clientAddress(request), 'sockets') >= limits.connectionsPerAddress + spare
    return full ? 'too-many-connections' : undefined
  }
}

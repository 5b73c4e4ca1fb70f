import { DecodeError, toHex } from '@parley/bytes'
import { type ChangeRequest, Encoder, Message, natDiscovery, newTransactionId, stun } from '@parley/stun'
import type { Address } from '@parley/udp'
import { toAddress } from '../../server/addresses.ts'

/** When a request is sent again, and when it is given up (RFC 8489 §6.2.1). */
export interface Retransmission {
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly rtoMs: number
  /** Rc: how often it is sent altogether. */
  readonly requests: number
  /** Rm: how many `rtoMs` the last one is waited for. */
  readonly lastWait: number
}

/** Sent at 0, 0.5, 1.5 and 3.5 s, given up at 4 s: two rounds of tests stay below 10 s. */
export const discoveryRetransmission: Retransmission = { rtoMs: 500, requests: 4, lastWait: 1 }

/** A Binding request, and where to wait for what comes of it. Local ports go by names that the caller chooses. */
export interface Ask {
  readonly port: string
  readonly to: Address
  readonly change?: ChangeRequest
  /** RESPONSE-PORT: the answer is to go there, and comes in at the local port `answerAt`. */
  readonly responsePort?: number
  /** Default: `port`. */
  readonly answerAt?: string
  /** Who answers if the request is granted. Default: `to`. */
  readonly from?: Address
  /** The request itself is expected back, at `answerAt`: a NAT that hairpins sends it there. */
  readonly returns?: true
}

export type Outcome =
  | { readonly is: 'answer'; readonly mapped: Address; readonly other: Address | undefined; readonly requests: number }
  | { readonly is: 'returned'; readonly requests: number }
  /** It was answered, but not from where, or to where, it was asked: the server ignores the wish. */
  | { readonly is: 'ignored' }
  | { readonly is: 'error'; readonly code: number }
  | { readonly is: 'silence'; readonly requests: number }

/** What came in and was no part of any transaction. */
export interface StrayCounters {
  malformed: number
  /** Another transaction ID, another local port, or not from the one who was asked. */
  foreign: number
}

interface Transaction {
  readonly ask: Ask
  readonly request: Uint8Array
  readonly done: (outcome: Outcome, now: number) => void
  requests: number
  due: number
}

interface TransactionsOptions {
  readonly send: (port: string, bytes: Uint8Array, to: Address) => void
  readonly retransmission: Retransmission
}

/**
 * STUN Binding transactions over UDP from several local ports (RFC 8489 §6.2.1, §6.3.3). Pure: no sockets, no timers;
 * `now` is in milliseconds. Every transaction has exactly one outcome, in bounded time.
 */
export class Transactions {
  readonly stray: StrayCounters = { malformed: 0, foreign: 0 }
  readonly #options: TransactionsOptions
  readonly #open = new Map<string, Transaction>()

  constructor(options: TransactionsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#open.size
  }

  start(ask: Ask, now: number, done: (outcome: Outcome, now: number) => void): void {
    const id = newTransactionId()
    const transaction = { ask, request: encode(ask, id), done, requests: 0, due: now }
    this.#open.set(toHex(id), transaction)
    this.#send(transaction, now)
  }

  /** Takes a datagram that came in at a local port. Whatever fits no transaction is counted and dropped. */
  receive(port: string, bytes: Uint8Array, from: Address, now: number): void {
    const message = decode(bytes)
    if (message === undefined) {
      this.stray.malformed++
      return
    }
    const id = toHex(message.transactionId)
    const transaction = this.#open.get(id)
    const outcome = transaction && outcomeOf(transaction, port, message, from)
    if (transaction === undefined || outcome === 'foreign') this.stray.foreign++
    else if (outcome === undefined) this.stray.malformed++
    else this.#finish(id, transaction, outcome, now)
  }

  nextTimeout(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { due } of this.#open.values()) next = Math.min(next, due)
    return next
  }

  handleTimeout(now: number): void {
    for (const [id, transaction] of [...this.#open]) {
      if (transaction.due > now) continue
      const { requests } = transaction
      if (requests < this.#options.retransmission.requests) this.#send(transaction, now)
      else this.#finish(id, transaction, { is: 'silence', requests }, now)
    }
  }

  #send(transaction: Transaction, now: number): void {
    transaction.requests++
    const { rtoMs, requests, lastWait } = this.#options.retransmission
    transaction.due = now + rtoMs * (transaction.requests < requests ? 2 ** (transaction.requests - 1) : lastWait)
    this.#options.send(transaction.ask.port, transaction.request, transaction.ask.to)
  }

  #finish(id: string, transaction: Transaction, outcome: Outcome, now: number): void {
    this.#open.delete(id)
    transaction.done(outcome, now)
  }
}

function encode(ask: Ask, id: Uint8Array): Uint8Array {
  const encoder = new Encoder(new Uint8Array(64)).message('request', 'binding', id)
  if (ask.change) encoder.add(natDiscovery.changeRequest, ask.change)
  if (ask.responsePort !== undefined) encoder.add(natDiscovery.responsePort, ask.responsePort)
  return encoder.finish()
}

function decode(bytes: Uint8Array): Message | undefined {
  return orUndefined(() => Message.decode(bytes))
}

/** Undefined for a response that says nothing. */
function outcomeOf(
  { ask, requests }: Transaction,
  port: string,
  message: Message,
  from: Address,
): Outcome | 'foreign' | undefined {
  const expectedPort = ask.answerAt ?? ask.port
  if (message.method !== 'binding' || message.class === 'indication') return 'foreign'
  if (message.class === 'request')
    return ask.returns && port === expectedPort ? { is: 'returned', requests } : 'foreign'
  if (ask.returns) return 'foreign'
  const asWished = port === expectedPort && from.equals(ask.from ?? ask.to)
  const plainly = port === ask.port && from.equals(ask.to)
  if (!asWished && !plainly) return 'foreign'
  return orUndefined(() => {
    if (message.class === 'error') {
      const error = message.get(stun.errorCode)
      return error && { is: 'error', code: error.code }
    }
    const mapped = message.get(stun.xorMappedAddress) ?? message.get(stun.mappedAddress)
    if (mapped === undefined) return undefined
    if (!asWished) return { is: 'ignored' }
    const other = message.get(natDiscovery.otherAddress)
    return { is: 'answer', mapped: toAddress(mapped), other: other && toAddress(other), requests }
  })
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

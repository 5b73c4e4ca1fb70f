import { DecodeError, equalBytes } from '@parley/bytes'
import {
  checkFingerprint,
  Encoder,
  ice,
  Message,
  newTransactionId,
  shortTermKey,
  stun,
  verifyIntegrity,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { IceCredentials } from '../control.ts'

const retryMs = 100
const keepAliveMs = 2500
/** Of a peer-reflexive candidate (RFC 8445 §5.1.2). */
const priority = 0x6e7f1eff
const encoder = new Encoder(new Uint8Array(600))

export interface CheckOptions {
  readonly local: IceCredentials
  readonly remote: IceCredentials
  readonly nominates?: boolean
  /** Towards a full agent that made the offer (RFC 8445 §6.1.1); it nominates. */
  readonly controlled?: boolean
  readonly transactionId?: Uint8Array
}

/** A connectivity check as a controlling agent sends it; a view, good until the next one is made. */
export function makeCheck({ local, remote, controlled = false, ...options }: CheckOptions): Uint8Array {
  const { nominates = !controlled, transactionId } = options
  encoder
    .message('request', 'binding', transactionId)
    .add(stun.username, `${remote.ufrag}:${local.ufrag}`)
    .add(ice.priority, priority)
    .add(controlled ? ice.iceControlled : ice.iceControlling, 0x1234_5678_9abc_def0n)
  if (nominates) encoder.add(ice.useCandidate, true)
  return encoder.integrity(shortTermKey(remote.password), nodeCrypto).fingerprint().finish()
}

/** Checks one address and nominates it, over and over: the least of an ICE agent that a lite one is content with. */
export class Prober {
  readonly #send: (bytes: Uint8Array) => void
  readonly #controlled: boolean
  #local: IceCredentials
  #remote: IceCredentials
  #transactionId = newTransactionId()
  #answered = false
  #due = Number.POSITIVE_INFINITY

  constructor(
    { local, remote, controlled = false }: Pick<CheckOptions, 'local' | 'remote' | 'controlled'>,
    send: (bytes: Uint8Array) => void,
  ) {
    this.#local = local
    this.#remote = remote
    this.#controlled = controlled
    this.#send = send
  }

  /** The last check was answered. */
  get answered(): boolean {
    return this.#answered
  }

  start(now: number): void {
    this.#check(now)
  }

  restart(local: IceCredentials, remote: IceCredentials, now: number): void {
    this.#local = local
    this.#remote = remote
    this.#check(now)
  }

  /** Checks no more, as a peer does that is gone. */
  stop(): void {
    this.#due = Number.POSITIVE_INFINITY
  }

  /** Whether this is the answer to the last check. */
  receive(bytes: Uint8Array, start: number, end: number, now: number): boolean {
    try {
      const message = Message.decode(bytes, start, end)
      if (message.class !== 'success' || !equalBytes(message.transactionId, this.#transactionId)) return false
      const key = shortTermKey(this.#remote.password)
      if (checkFingerprint(message) !== 'right' || !verifyIntegrity(message, key, nodeCrypto)) return false
    } catch (error) {
      if (error instanceof DecodeError) return false
      throw error
    }
    if (this.#due < Number.POSITIVE_INFINITY) this.#due = now + keepAliveMs
    this.#answered = true
    return true
  }

  nextTimeout(): number {
    return this.#due
  }

  handleTimeout(now: number): void {
    if (this.#due <= now) this.#check(now)
  }

  #check(now: number): void {
    this.#transactionId = newTransactionId()
    this.#answered = false
    this.#due = now + retryMs
    const [local, remote] = [this.#local, this.#remote]
    this.#send(makeCheck({ local, remote, controlled: this.#controlled, transactionId: this.#transactionId }))
  }
}

import { cipherSuites, lastStep, ratchet, type SenderKey } from '@parley/sframe'
import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'
import type { KeyMessage, KeyWrapping } from './key-message.ts'

/** Times in ms. */
export const exchangeTimes = {
  /** After somebody has left: others may leave too, and one new key serves for all of them. */
  renewal: 1_000,
  /** How long others have to take in a new key before it is used. */
  notice: 1_000,
  /** When a key is sent again that could not be sent. */
  again: 3_000,
} as const

export interface KeyExchangeOptions {
  readonly self: string
  readonly wrapping: Promise<KeyWrapping>
  readonly clock: Clock
  readonly random: (size: number) => Uint8Array<ArrayBuffer>
  /** Sends to one participant, or to all. Rejects if it cannot. */
  send(to: string | undefined, message: string): Promise<unknown>
  /** Encrypt with this key from now on. */
  use(key: SenderKey): void
  /** A participant's key. With `restarted`, those of before count no more. */
  learned(participant: string, key: SenderKey, restarted: boolean): void
  /** A participant has sent a key that was wrapped with another secret, and none with ours. */
  wrongSecret(participant: string): void
}

interface Known {
  readonly incarnation: number
}

const suite = cipherSuites.AES_128_GCM_SHA256_128

/**
 * Makes our key, and tells it to whoever may have it (RFC 9605 §5.1): to all at the start; ratcheted to somebody who joins, so that
 * what was sent before stays closed to them; a new one to those who stay when somebody leaves, so that what comes after does.
 * And takes in the keys of the others. Lost, late, reordered and repeated messages do no harm: a key counts only if it is newer.
 */
export class KeyExchange {
  readonly #options: KeyExchangeOptions
  readonly #incarnation: number
  readonly #known = new Map<string, Known>()
  #self: string
  #present: ReadonlySet<string> | undefined
  /** The key in use, and the one that will follow, which others have been told. */
  #own: SenderKey
  #next: SenderKey | undefined
  #work: Promise<void> = Promise.resolve()
  #stopRenewal: Unsubscribe | undefined
  #stopNotice: Unsubscribe = () => {}
  #stopAgain: Unsubscribe | undefined
  #closed = false

  constructor(options: KeyExchangeOptions) {
    this.#options = options
    this.#self = options.self
    this.#incarnation = options.clock.now()
    this.#own = this.#fresh(0)
    options.use(this.#own)
  }

  /**
   * Everybody else who is in the room. Whoever is in the first list is told our key as it is.
   * @returns Settles when they have been told, as far as that is up to us.
   */
  setPresent(present: ReadonlySet<string>): Promise<void> {
    const before = this.#present
    this.#present = present
    if (!before) {
      if (present.size > 0) this.announce()
      return this.#work
    }
    const newcomers = [...present].filter(id => !before.has(id))
    const gone = [...before].filter(id => !present.has(id))
    for (const id of gone) this.#known.delete(id)
    if (gone.length > 0) this.#stopRenewal ??= this.#after(exchangeTimes.renewal, () => this.#renew())
    if (newcomers.length > 0) this.#then(() => this.#welcome(newcomers))
    return this.#work
  }

  /** We have another id now: to the others, we are somebody else. */
  setSelf(self: string): void {
    if (self === this.#self) return
    this.#self = self
    this.announce()
  }

  /** Tells everybody our keys, who may have missed them. */
  announce(): void {
    this.#then(async () => {
      for (const key of this.#keys()) await this.#send(undefined, key)
    })
  }

  receive(from: string, message: string): void {
    if (from === this.#self) return
    this.#then(async () => {
      const wrapping = await this.#options.wrapping
      const unwrapped = await wrapping.unwrap(from, message)
      const known = this.#known.get(from)
      if (unwrapped === 'malformed') return
      if (unwrapped === 'wrong-secret') {
        // Who has told us a key already may be slandered: what counts is whether their frames can be decrypted.
        if (!known) this.#options.wrongSecret(from)
        return
      }
      const { incarnation, ...key } = unwrapped
      if (known && incarnation < known.incarnation) return
      this.#known.set(from, { incarnation })
      this.#options.learned(from, key, known !== undefined && incarnation > known.incarnation)
    })
  }

  close(): void {
    this.#closed = true
    this.#stopRenewal?.()
    this.#stopNotice()
    this.#stopAgain?.()
  }

  async #welcome(newcomers: readonly string[]): Promise<void> {
    const { generation, step, baseKey } = this.#own
    if (step === lastStep) return this.#renew()
    this.#own = { generation, step: step + 1, baseKey: await ratchet(suite, baseKey) }
    // The others find this step by themselves, so it can be used at once.
    this.#options.use(this.#own)
    for (const id of newcomers) for (const key of this.#keys()) await this.#send(id, key)
  }

  /** Makes a new key, tells it to those who are here now, and uses it once they have had time to take it in. */
  #renew(): void {
    this.#stopRenewal?.()
    this.#stopRenewal = undefined
    this.#then(async () => {
      const next = this.#fresh((this.#next ?? this.#own).generation + 1)
      this.#next = next
      await this.#send(undefined, next)
      this.#stopNotice()
      this.#stopNotice = this.#after(exchangeTimes.notice, () => {
        this.#own = next
        this.#next = undefined
        this.#options.use(next)
      })
    })
  }

  #keys(): readonly SenderKey[] {
    return this.#next ? [this.#own, this.#next] : [this.#own]
  }

  #fresh(generation: number): SenderKey {
    return { generation, step: 0, baseKey: this.#options.random(suite.keySize) }
  }

  async #send(to: string | undefined, key: SenderKey): Promise<void> {
    if (to === undefined ? !this.#present?.size : !this.#present?.has(to)) return
    const { wrapping, send } = this.#options
    const message: KeyMessage = { incarnation: this.#incarnation, ...key }
    const wrapped = await (await wrapping).wrap(this.#self, message)
    // Not waited for: while the server is away, answers are too.
    send(to, wrapped).catch(() => {
      this.#stopAgain ??= this.#after(exchangeTimes.again, () => {
        this.#stopAgain = undefined
        this.announce()
      })
    })
  }

  /** One thing after another, so that none sees keys in the middle of a change. */
  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#closed ? undefined : work())).catch(error => reportError(error))
  }

  #after(ms: number, callback: () => void): Unsubscribe {
    if (this.#closed) return () => {}
    return this.#options.clock.after(ms, callback)
  }
}

import type { Reply, RequestInput, RequestName, RequestOutput } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import type { Link, RequestOptions } from './ports.ts'

interface Entry {
  readonly name: RequestName
  readonly input: unknown
  readonly urgent: boolean
  settle(reply: Reply): void
  fail(error: ParleyError): void
  /** How often it was sent and then got no answer in time. */
  unanswered: number
  stopWaiting: () => void
}

export interface RequestQueueOptions {
  readonly clock: Clock
  /** How long to wait for an answer on a connection that seems to be up, ms. */
  readonly answerMs?: number
  /** A request got no answer: the connection must be dead, and another is needed. */
  readonly unanswered: () => void
}

const nothing = () => {}

/**
 * Keeps requests, in order, until they are answered, over any number of connections. A request that gets no answer twice
 * fails with `timeout`.
 */
export class RequestQueue {
  readonly #options: RequestQueueOptions
  readonly #entries = new Set<Entry>()
  #link: Link | undefined
  #held = true
  #closed: ParleyError | undefined

  constructor(options: RequestQueueOptions) {
    this.#options = options
  }

  request<K extends RequestName>(
    name: K,
    input: RequestInput<K>,
    options: RequestOptions<K> = {},
  ): Promise<RequestOutput<K>> {
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        name,
        input,
        urgent: options.urgent ?? false,
        unanswered: 0,
        stopWaiting: nothing,
        fail: reject,
        settle(reply) {
          if (reply.ok) {
            // The table in protocol/requests pairs each name with its answer.
            const value = reply.value as RequestOutput<K>
            options.onValue?.(value)
            resolve(value)
          } else {
            reject(ParleyError.fromWire(reply.error))
          }
        },
      }
      const refused = this.#closed ?? (entry.urgent && !this.#link ? new ParleyError('unreachable') : undefined)
      if (refused) {
        reject(refused)
        return
      }
      this.#entries.add(entry)
      if (this.#link && (entry.urgent || !this.#held)) this.#send(entry, this.#link)
    })
  }

  /** A connection is up: urgent requests are sent at once, the others after {@link release}. */
  open(link: Link): void {
    this.#link = link
    this.#held = true
  }

  /** Sends everything that has waited, oldest first. */
  release(): void {
    if (!this.#link || !this.#held) return
    this.#held = false
    for (const entry of [...this.#entries]) if (!entry.urgent) this.#send(entry, this.#link)
  }

  /** The connection is gone. */
  lost(): void {
    this.#link = undefined
    for (const entry of [...this.#entries]) {
      entry.stopWaiting()
      if (entry.urgent) this.#fail(entry, new ParleyError('unreachable'))
    }
  }

  /** Fails all requests, those that wait and any later ones. */
  close(error: ParleyError): void {
    if (this.#closed) return
    this.#closed = error
    this.#link = undefined
    for (const entry of [...this.#entries]) this.#fail(entry, error)
  }

  #send(entry: Entry, link: Link): void {
    const { clock, answerMs = 10_000, unanswered } = this.#options
    entry.stopWaiting = clock.after(answerMs, () => {
      entry.unanswered++
      if (entry.unanswered > 1) this.#fail(entry, new ParleyError('timeout'))
      else unanswered()
    })
    link.send(entry.name, entry.input, reply => {
      if (!this.#entries.delete(entry)) return
      entry.stopWaiting()
      entry.settle(reply)
    })
  }

  #fail(entry: Entry, error: ParleyError): void {
    if (!this.#entries.delete(entry)) return
    entry.stopWaiting()
    entry.fail(error)
  }
}

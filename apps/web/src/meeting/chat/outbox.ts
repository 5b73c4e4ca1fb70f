import type { ChatMessage } from '@parley/protocol'
import { isBlank } from '@parley/protocol/text'

/** A message of ours that the server has not confirmed. */
export interface Pending {
  readonly id: string
  readonly text: string
  /** Estimated server time, ms. */
  readonly at: number
  readonly status: 'sending' | 'failed'
}

interface Ports {
  readonly send: (text: string) => Promise<ChatMessage>
  readonly now: () => number
  readonly changed: (pending: readonly Pending[]) => void
}

/** Keeps each message until the server has confirmed it; failed ones stay, to be sent again or discarded. */
export class Outbox {
  readonly #ports: Ports
  #pending: readonly Pending[] = []
  #count = 0

  constructor(ports: Ports) {
    this.#ports = ports
  }

  get pending(): readonly Pending[] {
    return this.#pending
  }

  /** Never throws: a failure is a state of the message. Blank text is not sent. */
  async send(text: string): Promise<void> {
    const trimmed = text.trim()
    if (isBlank(trimmed)) return
    const message: Pending = { id: `pending-${++this.#count}`, text: trimmed, at: this.#ports.now(), status: 'sending' }
    this.#set([...this.#pending, message])
    await this.#deliver(message)
  }

  async retry(id: string): Promise<void> {
    const message = this.#pending.find(each => each.id === id && each.status === 'failed')
    if (!message) return
    this.#set(this.#pending.map(each => (each.id === id ? { ...each, status: 'sending' } : each)))
    await this.#deliver(message)
  }

  discard(id: string): void {
    this.#set(this.#pending.filter(each => each.id !== id))
  }

  async #deliver(message: Pending): Promise<void> {
    const delivered = await this.#ports.send(message.text).then(
      () => true,
      () => false,
    )
    if (delivered) this.discard(message.id)
    else this.#set(this.#pending.map(each => (each.id === message.id ? { ...each, status: 'failed' } : each)))
  }

  #set(pending: readonly Pending[]): void {
    this.#pending = pending
    this.#ports.changed(pending)
  }
}

/** How far our estimate of the server's time may be off, ms. */
const skewMs = 2000

/** The messages still to be shown as unsent. A message may come back from the server just before its confirmation. */
export function stillUnsent(
  pending: readonly Pending[],
  messages: readonly ChatMessage[],
  selfSession: string,
): Pending[] {
  const arrived = messages.filter(message => message.from.id === selfSession)
  return pending.filter(each => {
    if (each.status === 'failed') return true
    const at = arrived.findIndex(message => message.text === each.text && message.at >= each.at - skewMs)
    if (at < 0) return true
    arrived.splice(at, 1)
    return false
  })
}

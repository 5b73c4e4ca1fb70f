import { type ChatMessage, limits } from '@parley/protocol'

/** How many messages are remembered to recognise a repeat: more than are shown to late joiners. */
const remembered = 5 * limits.chatHistory

/** What was written in one room, each message once, however often it is sent. */
export class ChatLog {
  readonly #byKey = new Map<string, ChatMessage>()
  /** The same messages in a ring, which tells the oldest: deleting from the front of a Map gets slower and slower. */
  readonly #ring: ChatMessage[] = []
  #next = 0

  /** The message kept under the sender's id, if it was sent before. */
  find(identity: string, id: string): ChatMessage | undefined {
    return this.#byKey.get(key(identity, id))
  }

  add(message: ChatMessage): void {
    const oldest = this.#ring[this.#next]
    if (oldest) this.#byKey.delete(key(oldest.from.identity, oldest.id))
    this.#ring[this.#next] = message
    this.#next = (this.#next + 1) % remembered
    this.#byKey.set(key(message.from.identity, message.id), message)
  }

  /** The last messages, oldest first. */
  recent(): ChatMessage[] {
    const older = this.#ring.slice(this.#next)
    return [...older, ...this.#ring.slice(0, this.#next)].slice(-limits.chatHistory)
  }
}

function key(identity: string, id: string): string {
  return `${id} ${identity}`
}

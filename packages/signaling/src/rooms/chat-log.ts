import { type ChatMessage, limits } from '@parley/protocol'

/** How many messages are remembered to recognise a repeat: more than are shown to late joiners. */
const remembered = 5 * limits.chatHistory

/** What was written in one room, each message once, however often it is sent. */
export class ChatLog {
  readonly #byKey = new Map<string, ChatMessage>()

  /** The message kept under the sender's id, if it was sent before. */
  find(identity: string, id: string): ChatMessage | undefined {
    return this.#byKey.get(`${id} ${identity}`)
  }

  add(message: ChatMessage): void {
    this.#byKey.set(`${message.id} ${message.from.identity}`, message)
    if (this.#byKey.size <= remembered) return
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest)
      return
    }
  }

  /** The last messages, oldest first. */
  recent(): ChatMessage[] {
    return [...this.#byKey.values()].slice(-limits.chatHistory)
  }
}

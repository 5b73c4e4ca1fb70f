import { type ChatMessage, limits } from '@parley/protocol'

/** How many messages are remembered to recognise a repeat: more than are shown to late joiners. */
const remembered = 5 * limits.chatHistory
/** Bytes of messages remembered, and of those shown. */
const rememberedBytes = 1024 * 1024
const shownBytes = 256 * 1024
/** Of a message beside its text, about. */
const aroundBytes = 256

/** What a log is allowed to keep: asked for each message, let go when it is forgotten. Undefined: no more. */
export type HoldBytes = (bytes: number) => { release(): void } | undefined

interface Kept {
  readonly message: ChatMessage
  readonly bytes: number
  readonly hold: { release(): void } | undefined
}

/** What was written in one room, each message once, however often it is sent; the oldest are forgotten. */
export class ChatLog {
  readonly #byKey = new Map<string, ChatMessage>()
  /** In order; those before `#start` are forgotten, and cut off now and then. */
  #kept: Kept[] = []
  #start = 0
  #bytes = 0

  /** Of what is kept, about. */
  get bytes(): number {
    return this.#bytes
  }

  /** The message kept under the sender's id, if it was sent before. */
  find(identity: string, id: string): ChatMessage | undefined {
    return this.#byKey.get(key(identity, id))
  }

  /** False if it may not be kept. */
  add(message: ChatMessage, hold?: HoldBytes): boolean {
    const bytes = aroundBytes + Buffer.byteLength(message.text)
    const held = hold?.(bytes)
    if (hold && !held) return false
    this.#kept.push({ message, bytes, hold: held })
    this.#bytes += bytes
    this.#byKey.set(key(message.from.identity, message.id), message)
    while (this.#kept.length - this.#start > remembered || this.#bytes > rememberedBytes) this.#forget()
    return true
  }

  /** The last messages, oldest first. */
  recent(): ChatMessage[] {
    let first = this.#kept.length
    let bytes = 0
    const oldest = Math.max(this.#start, first - limits.chatHistory)
    while (first > oldest) {
      bytes += this.#kept[first - 1]?.bytes ?? 0
      if (bytes > shownBytes) break
      first--
    }
    return this.#kept.slice(first).map(({ message }) => message)
  }

  /** Forgets everything. */
  close(): void {
    while (this.#start < this.#kept.length) this.#forget()
  }

  #forget(): void {
    const oldest = this.#kept[this.#start++]
    if (!oldest) return
    const { message, bytes, hold } = oldest
    this.#bytes -= bytes
    hold?.release()
    this.#byKey.delete(key(message.from.identity, message.id))
    if (this.#start > 64 && this.#start * 2 > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#start)
      this.#start = 0
    }
  }
}

function key(identity: string, id: string): string {
  return `${id} ${identity}`
}

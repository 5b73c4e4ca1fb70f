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
  /** In order. */
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  /** Of what is kept, about. */
  get bytes(): number {
    return this.#bytes
  }

  /** The message kept under the sender's id, if it was sent before. */
  find(identity: string, id: string): ChatMessage | undefined {
    return this.#kept.get(key(identity, id))?.message
  }

  /** False if it may not be kept. */
  add(message: ChatMessage, hold?: HoldBytes): boolean {
    const bytes = aroundBytes + Buffer.byteLength(message.text)
    const held = hold?.(bytes)
    if (hold && !held) return false
    this.#kept.set(key(message.from.identity, message.id), { message, bytes, hold: held })
    this.#bytes += bytes
    for (const oldest of this.#kept) {
      if (this.#kept.size <= remembered && this.#bytes <= rememberedBytes) break
      this.#forget(oldest)
    }
    return true
  }

  /** The last messages, oldest first. */
  recent(): ChatMessage[] {
    const last = [...this.#kept.values()].slice(-limits.chatHistory)
    let first = last.length
    let bytes = 0
    while (first > 0) {
      bytes += last[first - 1]?.bytes ?? 0
      if (bytes > shownBytes) break
      first--
    }
    return last.slice(first).map(({ message }) => message)
  }

  /** Forgets everything. */
  close(): void {
    for (const kept of this.#kept) this.#forget(kept)
  }

  #forget([name, { bytes, hold }]: [string, Kept]): void {
    this.#kept.delete(name)
    this.#bytes -= bytes
    hold?.release()
  }
}

function key(identity: string, id: string): string {
  return `${id} ${identity}`
}
